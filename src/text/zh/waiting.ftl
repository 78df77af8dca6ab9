# count --until
heading-waiting = 等待
option-until = 反复统计，直到个数满足这个条件，如 '>0'、'=0'、'<100'；先到 --timeout 时退出状态为 1
option-timeout = 最多等这么久（30s、5m）[默认：不限]
option-count-every = 两次统计的间隔；至少为一次统计耗时的 20 倍 [默认：1s]
example-until = 等到 8080 端口有程序监听
error-goal = --until 的条件“{ $word }”无效；写法如 '>0'、'=0'、'<100'
error-goal-never = --until 的条件“{ $word }”永远无法满足：个数不会小于 0；写法如 '=0'、'>0'
error-until-from = --until 需要正在运行的内核，文件里的数字不会变；请去掉 --from
count-waits = 现在 { $count } 个，等待 { $goal }（已等 { $time }）
exit-count = 还没满足 --until，就先到了 --timeout。
