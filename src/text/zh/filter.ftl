# 过滤表达式哪里错了：句末不加句号。
filter-unexpected-end = 过滤条件没有写完
filter-unexpected = “{ $word }”不该出现在这里
filter-unclosed = 这个括号没有闭合
filter-unopened = 这个括号没有对应的左括号
filter-near-word = 过滤条件里没有“{ $word }”这个词
filter-unknown-key = 不认识的键“{ $word }”
filter-unknown-state = 不认识的状态“{ $word }”
filter-not-ordered = “{ $word }”只能用 = 和 != 比较
filter-bad-port = “{ $word }”不是端口
filter-bad-address = “{ $word }”不是地址
filter-bad-prefix = “{ $word }”的前缀长度不对（IPv4 为 0 到 32，IPv6 为 0 到 128）
filter-bad-number = “{ $word }”不是数字
filter-bad-size = “{ $word }”不是字节数
filter-bad-duration = “{ $word }”不是时长
filter-bad-mark = “{ $word }”不是防火墙标记
filter-bad-word = “{ $word }”不能写在这里
filter-unknown-service = 不认识的服务“{ $word }”
filter-unknown-host = 不认识的主机“{ $word }”
filter-unknown-interface = 没有“{ $word }”这个网络接口
filter-unknown-user = 没有“{ $word }”这个用户
filter-unknown-cgroup = 没有“{ $word }”这个 cgroup
filter-unknown-unit = 没有“{ $word }”这个 systemd 单元
filter-unknown-container = 没有 ID 以“{ $word }”开头的容器
filter-unknown-netns = 查看的网络命名空间里没有“{ $word }”
filter-unknown-protocol = 不认识的协议“{ $word }”
filter-unknown-program = “{ $word }”既不是状态，也不是正在运行的程序（没在运行的程序这样写：proc = { $word }）
filter-unclosed-quote = 这个引号没有配对
filter-lone-backslash = 反斜杠后面什么都没有
filter-too-deep = 括号嵌套超过 { $limit } 层
filter-too-long = 过滤条件超过 { $limit } 字节
filter-expected = 这里应为 { $words }
expected-condition = 条件
expected-equality = “=”或“!=”
expected-comparison = “=”“!=”“<”“<=”“>”或“>=”
expected-state = 状态名
expected-key = 键
expected-address = 10.0.0.5、10.0.0.0/8 这样的地址（UNIX 套接字写成 unix:/tmp/x）
expected-port = 端口号（0 到 65535）或服务名
expected-interface = 接口名（如 eth0）
expected-number = 数字
expected-size = 数字，可加单位（如 1500、64k）
expected-duration = 数字加单位（如 10m、500ms）
expected-mark = 数字（如 0x10、0x10/0xff）
expected-cgroup = cgroup 路径
expected-program = 程序名
expected-user = 用户名或用户 ID
expected-unit = 单元名（如 nginx.service）
expected-container = 容器 ID 的前几位
expected-netns = 命名空间的名称
expected-end = 结尾
filter-or = { $first }，或者 { $last }
filter-mixed = 这里 and 比 or 先结合，与 ss 的手册一致；ss 本身却从左到右计算，请用括号写明
filter-file = { $file } 第 { $line } 行第 { $column } 列：过滤条件有误
