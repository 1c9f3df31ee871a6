//! Chinese names: which family names take two characters, which characters are read in another way
//! in names, the older spellings of a syllable, and what Japanese and Koreans read.

/// Family names of two characters.
pub(super) const COMPOUND: &str = "\
欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 司徒 司空 东方 東方 东郭 東郭 夏侯 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 \
長孫 独孤 獨孤 南宫 南宮 端木 轩辕 軒轅 万俟 百里 呼延 淳于 钟离 鍾離 闻人 聞人 西门 西門 申屠 拓跋 完颜";

/// Characters that are read differently as a family name.
pub(super) const FAMILY_READINGS: &[(&str, &str)] = &[
    ("单", "shan"),
    ("單", "shan"),
    ("曾", "zeng"),
    ("解", "xie"),
    ("仇", "qiu"),
    ("查", "zha"),
    ("区", "ou"),
    ("區", "ou"),
    ("任", "ren"),
    ("盖", "ge"),
    ("翟", "zhai"),
    ("朴", "piao"),
    ("乐", "yue"),
    ("覃", "qin"),
    ("缪", "miao"),
    ("尉迟", "yuchi"),
    ("尉遲", "yuchi"),
    ("万俟", "moqi"),
    ("长孙", "zhangsun"),
    ("長孫", "zhangsun"),
    ("呂", "lyu"),
    ("吕", "lyu"),
    ("葛", "ge"),
    ("车", "che"),
    ("沈", "shen"),
    ("冼", "xian"),
    ("洗", "xian"),
];

/// Traditional characters of names and their simplified twins, one pair after the other.
pub(super) const TRADITIONAL: &str = "\
張张陳陈劉刘楊杨黃黄趙赵吳吴孫孙馬马許许鄭郑謝谢韓韩馮冯鄧邓葉叶呂吕蘇苏盧卢蔣蒋蕭萧賈贾鄒邹陸陆龍龙\
萬万錢钱湯汤譚谭賴赖顧顾閻阎龔龚嚴严賀贺倫伦傑杰國国華华偉伟強强軍军輝辉剛刚麗丽紅红艷艳鳳凤蘭兰雲云\
貴贵寶宝錦锦榮荣興兴東东曉晓學学達达義义慶庆憲宪維维澤泽潔洁瑩莹瓊琼愛爱靜静鐵铁銀银銘铭鋒锋鑫鑫飛飞\
鵬鹏麟麟齊齐樂乐樹树橋桥歐欧勝胜勳勋啟启喬乔嘯啸嬌娇寧宁實实導导岡冈嵐岚嶺岭廣广彥彦後后徑径從从\
恆恒惠惠慧慧應应懷怀戰战揚扬晉晋書书會会棟栋楓枫業业檢检歸归氣气滿满漢汉潛潜濤涛濱滨瀟潇燁烨爾尔獻献\
現现瑪玛環环畢毕異异盡尽瞿瞿碩硕禮礼禎祯穎颖紀纪純纯紹绍細细綺绮緒绪縣县繼继羅罗聖圣聰聪聲声職职聯联\
肅肃興兴舉举蓮莲蔭荫薩萨藍蓝藝艺術术衛卫裝装覺觉觀观許许詠咏詩诗詹詹話话誠诚語语談谈諾诺謙谦議议護护\
豐丰財财賢贤贊赞質质軒轩輕轻轉转農农進进運运道道遠远適适選选遼辽邁迈鄺邝醫医釗钊鈞钧鉅钜鋼钢錫锡鎮镇\
鍾钟鐘钟鑑鉴長长門门開开關关陽阳陰阴陶陶隆隆際际雄雄雙双雞鸡難难電电韋韦韜韬順顺須须頌颂領领頡颉題题\
願愿類类風风養养餘余駱骆駿骏騰腾驍骁體体鮑鲍鯤鲲鴻鸿鶯莺鶴鹤麥麦點点齡龄習习範范婁娄莊庄薑姜";

/// Syllables and how Hong Kong usually writes the characters of names that are read so.
pub(super) const CANTONESE: &str = "\
wei wai,jun chun,jian kin,guo kwok,hua wah,zhi chi,xiao siu,li lai,jia ka,jie kit,qiang keung,\
hong hung,feng fung,hui wai,rong wing,yong wing,wen man,de tak,guang kwong,xiong hung,zhong chung,\
zheng ching,yan yin,yi yee,qi kei,ze chak,sheng sing,shi sze,qing ching,zhen chun,zhu chu,bo po,\
dong tung,fang fong,hai hoi,hao ho,he ho,jiang kong,jin kam,jing ching,juan kuen,lei lui,\
liang leung,lin lam,long lung,min man,nan nam,quan chuen,rui yui,ru yu,shu shuk,song chung,tao to,\
tian tin,wan man,wu mo,xi hei,xin sun,xing hing,xue suet,ya nga,yang yeung,yao yiu,yue yuet,\
yuan yuen,yun wan,zhao chiu,zu cho,zong chung,lu lo,ke ho,chao chiu,chang cheung,cheng shing,da tai,\
xian sin,sen sum,bin pan,biao piu,gang kong,ge ko,gui kwai,heng hang,huang wong,huan woon,ji kei,\
qiao kiu,qiu yau,qin kan,san sam,shao siu,shuang seung,si sze,yin yan,you yau,zhang cheung,\
zhuo cheuk,zi chi,zhe chit,shun shun,fu fu,fa fat,xiang heung,yu yu,man man,chun chun";

/// Characters of Korean names in their Korean reading (revised romanisation).
pub(super) const KOREAN: &str = "\
金 gim 李 lee 朴 bak 崔 choe 鄭 jeong 姜 gang 趙 jo 尹 yun 張 jang 林 im 韓 han 吳 o 徐 seo 申 sin 權 gwon 黃 hwang 安 an \
宋 song 柳 ryu 全 jeon 洪 hong 高 go 文 mun 梁 yang 孫 son 裵 bae 白 baek 許 heo 南 nam 沈 sim 盧 no 河 ha 成 seong 車 cha \
正 jeong 恩 eun 日 il 成 seong 哲 cheol 植 sik 永 yeong 英 yeong 大 dae 中 jung 泳 yeong 三 sam 在 jae 寅 in 根 geun 惠 hye \
明 myeong 博 bak 東 dong 善 seon 順 sun 淑 suk 美 mi 姬 hui 賢 hyeon 俊 jun 宇 u 民 min 鎬 ho 昌 chang 龍 yong 雲 un 相 sang \
旭 uk 勳 hun 炫 hyeon 珍 jin 秀 su 妍 yeon 京 gyeong 敬 gyeong 慶 gyeong 光 gwang 國 guk 基 gi 吉 gil 德 deok 道 do 烈 yeol \
萬 man 武 mu 範 beom 福 bok 奉 bong 相 sang 錫 seok 承 seung 時 si 信 sin 元 won 源 won 潤 yun 仁 in 一 il 長 jang 宗 jong \
鍾 jong 周 ju 柱 ju 智 ji 鎭 jin 贊 chan 春 chun 致 chi 澤 taek 泰 tae 平 pyeong 必 pil 學 hak 海 hae 赫 hyeok 亨 hyeong \
浩 ho 虎 ho 華 hwa 煥 hwan 孝 hyo 勇 yong 與 yeo";

/// Finals that each initial takes in pinyin.
const SYLLABLES: &[(&str, &str)] = &[
    ("b", "a o ai ei ao an en ang eng i ie iao ian in ing u"),
    ("p", "a o ai ei ao ou an en ang eng i ie iao ian in ing u"),
    (
        "m",
        "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    ),
    ("f", "a o ei ou an en ang eng u"),
    (
        "d",
        "a e ai ei ao ou an en ang eng ong i ie iao iu ian ing u uo ui uan un",
    ),
    (
        "t",
        "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    ),
    (
        "n",
        "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan ue",
    ),
    (
        "l",
        "a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un ue yu",
    ),
    (
        "g",
        "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    ),
    (
        "k",
        "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    ),
    (
        "h",
        "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    ),
    ("j", "i ia ie iao iu ian in iang ing iong u ue uan un"),
    ("q", "i ia ie iao iu ian in iang ing iong u ue uan un"),
    ("x", "i ia ie iao iu ian in iang ing iong u ue uan un"),
    (
        "zh",
        "a e i ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    ),
    (
        "ch",
        "a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    ),
    (
        "sh",
        "a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang",
    ),
    ("r", "e i ao ou an en ang eng ong u ua uo ui uan un"),
    ("z", "a e i ai ei ao ou an en ang eng ong u uo ui uan un"),
    ("c", "a e i ai ao ou an en ang eng ong u uo ui uan un"),
    ("s", "a e i ai ao ou an en ang eng ong u uo ui uan un"),
    ("y", "a e i ao ou an in ang ing ong u ue uan un"),
    ("w", "a o u ai ei an en ang eng"),
    ("", "a ai an ang ao e ei en eng er o ou"),
];

/// A syllable of pinyin, taken apart.
pub(crate) type Syllable<'a> = (&'a str, &'a str);

/// The pinyin syllables of a folded text, at most three; `None` when it cannot be all pinyin.
pub(crate) fn pinyin_syllables(text: &str) -> Option<Vec<Syllable<'_>>> {
    fn cut<'a>(text: &'a str, most: usize, out: &mut Vec<Syllable<'a>>) -> bool {
        if text.is_empty() {
            return true;
        }
        if most == 0 {
            return false;
        }
        // Longest syllables first, so that the fewest result.
        for length in (1..=text.len().min(6)).rev() {
            let Some(head) = text.get(..length) else {
                continue;
            };
            if let Some(syllable) = syllable_of(head) {
                out.push(syllable);
                if cut(&text[length..], most - 1, out) {
                    return true;
                }
                out.pop();
            }
        }
        false
    }
    let mut out = Vec::new();
    (cut(text, 3, &mut out) && !out.is_empty()).then_some(out)
}

fn syllable_of(text: &str) -> Option<Syllable<'_>> {
    SYLLABLES.iter().find_map(|(initial, finals)| {
        let last = text.strip_prefix(initial)?;
        finals
            .split(' ')
            .any(|known| known == last)
            .then(|| text.split_at(initial.len()))
    })
}

/// A pinyin syllable as the older system of Wade and Giles spells it, without its marks.
pub(crate) fn wade_giles((initial, last): Syllable<'_>) -> String {
    match (initial, last) {
        ("zh" | "ch", "i") => return "chih".into(),
        ("sh", "i") => return "shih".into(),
        ("r", "i") => return "jih".into(),
        ("z" | "c", "i") => return "tzu".into(),
        ("s", "i") => return "ssu".into(),
        ("g" | "k", "e") => return "ko".into(),
        ("h", "e") => return "ho".into(),
        ("g" | "k", "ui") => return "kuei".into(),
        ("y", "ou") => return "yu".into(),
        ("y", "an") => return "yen".into(),
        ("y", "e") => return "yeh".into(),
        ("y", "i") => return "i".into(),
        ("", "er") => return "erh".into(),
        _ => {}
    }
    let head = match initial {
        "b" => "p",
        "d" => "t",
        "g" => "k",
        "j" | "q" | "zh" => "ch",
        "x" => "hs",
        "r" => "j",
        "z" | "c" => "ts",
        other => other,
    };
    let tail = match last {
        "ian" => "ien",
        "ie" => "ieh",
        "ue" => "ueh",
        "ong" => "ung",
        "iong" => "iung",
        "uo" if !matches!(initial, "g" | "k" | "h" | "sh") => "o",
        other => other,
    };
    format!("{head}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinyin_is_cut_into_syllables() {
        let cut = |text| {
            pinyin_syllables(text).map(|found| {
                found
                    .iter()
                    .map(|(a, b)| format!("{a}{b}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
        };
        assert_eq!(cut("zedong").as_deref(), Some("ze dong"));
        assert_eq!(cut("xiaoping").as_deref(), Some("xiao ping"));
        assert_eq!(cut("smith"), None);
        assert_eq!(cut(""), None);
    }

    #[test]
    fn older_spellings_follow_the_rules() {
        for (pinyin, older) in [
            ("zedong", "tsetung"),
            ("enlai", "enlai"),
            ("xiaoping", "hsiaoping"),
            ("jieshi", "chiehshih"),
            ("guofeng", "kuofeng"),
        ] {
            let spelled: String = pinyin_syllables(pinyin)
                .unwrap()
                .into_iter()
                .map(wade_giles)
                .collect();
            assert_eq!(spelled, older);
        }
    }
}
