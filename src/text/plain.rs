//! Words in one spelling: without case and marks, in simplified characters, one word for one thing.

/// A word without the differences of spellings: case, blanks, marks, and traditional characters.
pub fn plain(word: &str) -> String {
    let letters = word.chars().filter(|character| character.is_alphanumeric());
    if word.is_ascii() {
        return letters.map(|letter| letter.to_ascii_lowercase()).collect();
    }
    let mut plain: String = letters.flat_map(char::to_lowercase).map(simplified).collect();
    for (taiwan, mainland) in WORDS.iter().filter(|(taiwan, _)| plain.contains(taiwan)).collect::<Vec<_>>() {
        plain = plain.replace(taiwan, mainland);
    }
    plain
}

/// Words for one thing, in simplified characters: those of Taiwan and Hong Kong, common misspellings, and colloquial
/// words for "full" and "hung". An earlier one is replaced first.
const WORDS: &[(&str, &str)] = &[
    ("通讯端", "套接字"),
    ("连接埠", "端口"),
    ("通讯埠", "端口"),
    ("埠", "端口"),
    ("连线", "连接"),
    ("联机", "连接"),
    ("封包", "包"),
    ("伫列", "队列"),
    ("逾时", "超时"),
    ("重新传送", "重传"),
    ("档案", "文件"),
    ("描述元", "描述符"),
    ("伺服器", "服务端"),
    ("交握", "握手"),
    ("视窗", "窗口"),
    ("壅塞", "拥塞"),
    ("网路", "网络"),
    ("程式", "程序"),
    ("执行绪", "线程"),
    ("核心参数", "内核参数"),
    ("记忆体", "内存"),
    ("遗失", "丢失"),
    ("重设", "重置"),
    ("链接", "连接"),
    ("端口号", "端口"),
    ("追踪", "跟踪"),
    ("目的端口", "对端端口"),
    ("目的地址", "对端地址"),
    ("目的网段", "对端网段"),
    ("目标端口", "对端端口"),
    ("目标地址", "对端地址"),
    ("源端口", "本地端口"),
    ("源地址", "本地地址"),
    ("泄露", "泄漏"),
    ("服务器", "服务端"),
    ("对方", "对端"),
    ("远端", "对端"),
    ("数据包", "包"),
    ("报文", "包"),
    ("延时", "延迟"),
    ("时延", "延迟"),
    ("文件句柄", "文件描述符"),
    ("句柄", "文件描述符"),
    ("fd", "文件描述符"),
    ("socket", "套接字"),
    ("被占用", "占用"),
    ("被占", "占用"),
    ("被拒绝", "拒绝"),
    ("被拒", "拒绝"),
    ("被重置", "重置"),
    ("建链", "建连"),
    ("卡住", "卡死"),
    ("夯住", "卡死"),
    ("hang住", "卡死"),
    ("hang死", "卡死"),
    ("挂死", "卡死"),
    ("僵死", "卡死"),
    ("没反应", "卡死"),
    ("没有响应", "卡死"),
    ("无响应", "卡死"),
    ("不响应", "卡死"),
    ("没有回应", "卡死"),
    ("没回应", "卡死"),
    ("无回应", "卡死"),
    ("太慢", "慢"),
    ("很慢", "慢"),
    ("过慢", "慢"),
    ("变慢", "慢"),
    ("没有关闭", "不关闭"),
    ("没关闭", "不关闭"),
    ("未关闭", "不关闭"),
    ("没关", "不关闭"),
    ("耗光", "满"),
    ("打满", "满"),
    ("占满", "满"),
    ("爆满", "满"),
    ("塞满", "满"),
    ("跑满", "满"),
    ("用满", "满"),
    ("满了", "满"),
    ("已满", "满"),
    ("溢出", "满"),
    ("耗尽", "满"),
    ("用光", "满"),
    ("用尽", "满"),
    ("用完", "满"),
    ("不够用", "满"),
    ("不够", "满"),
    ("不足", "满"),
    ("枯竭", "满"),
    ("打爆", "满"),
];

/// Traditional characters, and behind them the simplified ones.
const TRADITIONAL: &str = "揮線連關閉監聽隊佇斷開狀態機擁動視啟傳輸發長複復應轉換圖內數據報資測試檔號誤錯無權絕達時間記憶體緩衝區處滿過載輪詢單雙邊確認終結網絡協議層驗證執環圍觀節點緊張遺丟棄細殭屍備請讀寫隨後個麼辦為問題這對調優獨佔響類標誌臨鏈導檢產殘慮續徹雜濾進還歸縮積壓較會學習嗎樣與誰樹塊錄壞軟設統計構義詳釋決棧訊盡擊電話遲將當從來滯漲暢識許離擇選擴儲參變該並併殺飆異頭總幾萬億兩沒現釘鎖鑰顯幀頻寬帶競爭業務員範疇維護級別穩險損熱潰規則攔擋嘗讓幫慣舊額遊憑經綫約紀紅給編織繫係職腦臟舉華蟲補裝製覽訂訪評詞語說課論譯負財貨費賬贏趨跡軌輕輯農週運遠適邏鄰鐘門閘閱陣陽隱隻難靜頁順須預頓領願顧風飛馬驅驚齊齡龐傾僅價償儘凍劃劑勝勢卻啓喚嚴團場塵墊壘壽夠夾奪妳娛孫實審寧屬岡島師帳幣幹庫廠廢廣強彈彙徑悶惡懸懶戰戲戶揚搶擔擠攜敗敵晉暫曆書東條桿極榮槍樁橋櫃欄歡歲歷殼毀氣沖況洩淺減溫滾潛澀灣煩營爛牆獲畫療盜盤盧眾睜砲碼禮種穌窮竊筆簡簽籤糧紙純";
const SIMPLIFIED: &str = "挥线连关闭监听队伫断开状态机拥动视启传输发长复复应转换图内数据报资测试档号误错无权绝达时间记忆体缓冲区处满过载轮询单双边确认终结网络协议层验证执环围观节点紧张遗丢弃细僵尸备请读写随后个么办为问题这对调优独占响类标志临链导检产残虑续彻杂滤进还归缩积压较会学习吗样与谁树块录坏软设统计构义详释决栈讯尽击电话迟将当从来滞涨畅识许离择选扩储参变该并并杀飙异头总几万亿两没现钉锁钥显帧频宽带竞争业务员范畴维护级别稳险损热溃规则拦挡尝让帮惯旧额游凭经线约纪红给编织系系职脑脏举华虫补装制览订访评词语说课论译负财货费账赢趋迹轨轻辑农周运远适逻邻钟门闸阅阵阳隐只难静页顺须预顿领愿顾风飞马驱惊齐龄庞倾仅价偿尽冻划剂胜势却启唤严团场尘垫垒寿够夹夺你娱孙实审宁属冈岛师帐币干库厂废广强弹汇径闷恶悬懒战戏户扬抢担挤携败敌晋暂历书东条杆极荣枪桩桥柜栏欢岁历壳毁气冲况泄浅减温滚潜涩湾烦营烂墙获画疗盗盘卢众睁炮码礼种稣穷窃笔简签签粮纸纯";

fn simplified(character: char) -> char {
    if character.is_ascii() {
        return character;
    }
    let pair = TRADITIONAL.chars().zip(SIMPLIFIED.chars()).find(|(traditional, _)| *traditional == character);
    pair.map_or(character, |(_, simplified)| simplified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_traditional_character_has_its_simplified_one() {
        assert_eq!(TRADITIONAL.chars().count(), SIMPLIFIED.chars().count());
        for (traditional, simplified) in [
            ("連線", "连接"),
            ("佇列", "队列"),
            ("關閉等待", "关闭等待"),
            ("TCP 狀態", "tcp状态"),
            ("連接埠耗盡", "端口满"),
        ] {
            assert_eq!(plain(traditional), simplified);
        }
    }

    #[test]
    fn words_for_one_thing_are_one_word() {
        for same in
            [["句柄打满", "fd 用完"], ["短链接", "短连接"], ["进程卡住了", "进程无响应了"], ["端口被占用", "端口占用"]]
        {
            assert_eq!(plain(same[0]), plain(same[1]));
        }
    }
}
