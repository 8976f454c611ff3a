//! Invented names of streets, with pinyin, none used twice in a city.

use std::collections::HashSet;

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::plan::Along;
use crate::street::StreetClass;

/// A name in Chinese and in Latin letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    pub zh: String,
    pub en: String,
}

impl Name {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Name {
        Name { zh: zh.into(), en: en.into() }
    }
}

/// Whole stems for the streets everybody knows.
const WELL_KNOWN: [(&str, &str); 48] = [
    ("云锦", "Yunjin"),
    ("长乐", "Changle"),
    ("锦川", "Jinchuan"),
    ("平安", "Ping'an"),
    ("文昌", "Wenchang"),
    ("朝阳", "Chaoyang"),
    ("建业", "Jianye"),
    ("和平", "Heping"),
    ("东风", "Dongfeng"),
    ("明德", "Mingde"),
    ("青石", "Qingshi"),
    ("白鹭", "Bailu"),
    ("梧桐", "Wutong"),
    ("银杏", "Yinxing"),
    ("石桥", "Shiqiao"),
    ("金塘", "Jintang"),
    ("玉兰", "Yulan"),
    ("丹桂", "Dangui"),
    ("紫藤", "Ziteng"),
    ("清溪", "Qingxi"),
    ("兴业", "Xingye"),
    ("新民", "Xinmin"),
    ("育才", "Yucai"),
    ("凤鸣", "Fengming"),
    ("鹤林", "Helin"),
    ("永宁", "Yongning"),
    ("崇文", "Chongwen"),
    ("三元", "Sanyuan"),
    ("五福", "Wufu"),
    ("迎宾", "Yingbin"),
    ("人和", "Renhe"),
    ("广济", "Guangji"),
    ("升平", "Shengping"),
    ("学府", "Xuefu"),
    ("科苑", "Keyuan"),
    ("创新", "Chuangxin"),
    ("海棠", "Haitang"),
    ("芙蓉", "Furong"),
    ("枫林", "Fenglin"),
    ("竹山", "Zhushan"),
    ("松涛", "Songtao"),
    ("莲塘", "Liantang"),
    ("星火", "Xinghuo"),
    ("天元", "Tianyuan"),
    ("嘉陵", "Jialing"),
    ("双桥", "Shuangqiao"),
    ("柳浪", "Liulang"),
    ("杏花", "Xinghua"),
];

const FIRST: [(&str, &str); 46] = [
    ("丰", "Feng"),
    ("德", "De"),
    ("景", "Jing"),
    ("凤", "Feng"),
    ("龙", "Long"),
    ("鹿", "Lu"),
    ("花", "Hua"),
    ("百", "Bai"),
    ("九", "Jiu"),
    ("万", "Wan"),
    ("云", "Yun"),
    ("长", "Chang"),
    ("清", "Qing"),
    ("锦", "Jin"),
    ("文", "Wen"),
    ("明", "Ming"),
    ("福", "Fu"),
    ("安", "An"),
    ("永", "Yong"),
    ("兴", "Xing"),
    ("青", "Qing"),
    ("白", "Bai"),
    ("金", "Jin"),
    ("玉", "Yu"),
    ("松", "Song"),
    ("竹", "Zhu"),
    ("柳", "Liu"),
    ("梅", "Mei"),
    ("桃", "Tao"),
    ("荷", "He"),
    ("石", "Shi"),
    ("双", "Shuang"),
    ("大", "Da"),
    ("小", "Xiao"),
    ("南", "Nan"),
    ("北", "Bei"),
    ("东", "Dong"),
    ("西", "Xi"),
    ("新", "Xin"),
    ("古", "Gu"),
    ("和", "He"),
    ("广", "Guang"),
    ("仁", "Ren"),
    ("泰", "Tai"),
    ("瑞", "Rui"),
    ("嘉", "Jia"),
];

const SECOND: [(&str, &str); 44] = [
    ("池", "chi"),
    ("洲", "zhou"),
    ("堂", "tang"),
    ("庄", "zhuang"),
    ("圩", "wei"),
    ("埠", "bu"),
    ("源", "yuan"),
    ("盛", "sheng"),
    ("溪", "xi"),
    ("塘", "tang"),
    ("桥", "qiao"),
    ("井", "jing"),
    ("园", "yuan"),
    ("庭", "ting"),
    ("泉", "quan"),
    ("坊", "fang"),
    ("台", "tai"),
    ("亭", "ting"),
    ("林", "lin"),
    ("水", "shui"),
    ("湾", "wan"),
    ("浦", "pu"),
    ("河", "he"),
    ("山", "shan"),
    ("岗", "gang"),
    ("门", "men"),
    ("阁", "ge"),
    ("宁", "ning"),
    ("康", "kang"),
    ("乐", "le"),
    ("德", "de"),
    ("业", "ye"),
    ("华", "hua"),
    ("荣", "rong"),
    ("昌", "chang"),
    ("平", "ping"),
    ("义", "yi"),
    ("和", "he"),
    ("顺", "shun"),
    ("祥", "xiang"),
    ("春", "chun"),
    ("秋", "qiu"),
    ("苑", "yuan"),
    ("里", "li"),
];

/// Gives out names; the long streets should ask first.
pub struct Namer<'a> {
    rng: &'a mut ChaCha8Rng,
    used: HashSet<String>,
    known: Vec<(&'static str, &'static str)>,
    shores: usize,
    spokes: usize,
}

impl<'a> Namer<'a> {
    pub fn new(rng: &'a mut ChaCha8Rng) -> Namer<'a> {
        let mut known = WELL_KNOWN.to_vec();
        for i in (1..known.len()).rev() {
            known.swap(i, rng.random_range(0..=i));
        }
        Namer { rng, used: HashSet::new(), known, shores: 0, spokes: 0 }
    }

    pub fn name(&mut self, class: StreetClass, along: Along) -> Name {
        match along {
            Along::River => {
                self.shores += 1;
                match self.shores {
                    1 => Name::new("望江大道", "Wangjiang Avenue"),
                    2 => Name::new("滨江路", "Binjiang Road"),
                    n => Name::new(format!("沿江{n}路"), format!("Yanjiang {n} Road")),
                }
            }
            Along::Lake => Name::new("环湖路", "Huanhu Road"),
            Along::Hill => Name::new("青岚山路", "Qinglanshan Road"),
            Along::Ring => Name::new("内环快速路", "Inner Ring Expressway"),
            Along::Spoke => {
                self.spokes += 1;
                match self.spokes {
                    1 => Name::new("云西快速路", "Yunxi Expressway"),
                    2 => Name::new("云东快速路", "Yundong Expressway"),
                    3 => Name::new("机场快速路", "Airport Expressway"),
                    _ => Name::new("云北快速路", "Yunbei Expressway"),
                }
            }
            Along::Nothing => self.fresh(class),
        }
    }

    fn fresh(&mut self, class: StreetClass) -> Name {
        let (zh, en) = self.stem(class);
        let (zh_kind, en_kind) = match (class, self.rng.random_range(0..10)) {
            (StreetClass::Main, 0..=1) => ("大道", "Avenue"),
            (StreetClass::Main, 2..=3) => ("大街", "Street"),
            (StreetClass::Street, 0..=2) => ("街", "Street"),
            (StreetClass::Lane, 0..=3) => ("巷", "Lane"),
            (StreetClass::Lane, 4..=6) => ("街", "Street"),
            _ => ("路", "Road"),
        };
        Name::new(format!("{zh}{zh_kind}"), format!("{en} {en_kind}"))
    }

    fn stem(&mut self, class: StreetClass) -> (String, String) {
        if class <= StreetClass::Street
            && let Some((zh, en)) = self.known.pop()
        {
            self.used.insert(zh.to_owned());
            return (zh.to_owned(), en.to_owned());
        }
        for _ in 0..40 {
            let (a, pa) = FIRST[self.rng.random_range(0..FIRST.len())];
            let (b, pb) = SECOND[self.rng.random_range(0..SECOND.len())];
            let zh = format!("{a}{b}");
            if a != b && !self.known.iter().any(|k| k.0 == zh) && self.used.insert(zh.clone()) {
                let apart = if pb.starts_with(['a', 'e', 'o']) { "'" } else { "" };
                return (zh, format!("{pa}{apart}{pb}"));
            }
        }
        // The pairs are used up: number the rest.
        let n = self.used.len() + 1;
        self.used.insert(format!("新安{n}"));
        (format!("新安{n}"), format!("Xin'an {n}"))
    }
}
