//! Invented people: names with pinyin, telephone numbers that cannot be anybody's, homes on quiet lanes.

use std::collections::HashSet;

use geo::LngLat;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::City;
use crate::shape::point_along;
use crate::street::StreetClass;

/// Somebody who works for the invented company.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// As in 张伟.
    pub name: String,
    /// As in zhangwei.
    pub pinyin: String,
    /// As in Zhang Wei.
    pub name_en: String,
    pub phone: String,
    pub home: LngLat,
    pub manager: bool,
}

const FAMILY: [(&str, &str); 40] = [
    ("李", "Li"),
    ("王", "Wang"),
    ("刘", "Liu"),
    ("陈", "Chen"),
    ("杨", "Yang"),
    ("赵", "Zhao"),
    ("黄", "Huang"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("徐", "Xu"),
    ("孙", "Sun"),
    ("胡", "Hu"),
    ("朱", "Zhu"),
    ("高", "Gao"),
    ("林", "Lin"),
    ("何", "He"),
    ("郭", "Guo"),
    ("马", "Ma"),
    ("罗", "Luo"),
    ("梁", "Liang"),
    ("宋", "Song"),
    ("郑", "Zheng"),
    ("谢", "Xie"),
    ("韩", "Han"),
    ("唐", "Tang"),
    ("冯", "Feng"),
    ("于", "Yu"),
    ("董", "Dong"),
    ("蒋", "Jiang"),
    ("程", "Cheng"),
    ("曹", "Cao"),
    ("袁", "Yuan"),
    ("邓", "Deng"),
    ("许", "Xu"),
    ("沈", "Shen"),
    ("钱", "Qian"),
    ("潘", "Pan"),
    ("顾", "Gu"),
    ("夏", "Xia"),
    ("陆", "Lu"),
];

const GIVEN: [(&str, &str); 56] = [
    ("娜", "Na"),
    ("磊", "Lei"),
    ("洋", "Yang"),
    ("静", "Jing"),
    ("涛", "Tao"),
    ("敏", "Min"),
    ("倩", "Qian"),
    ("浩", "Hao"),
    ("婷", "Ting"),
    ("翔", "Xiang"),
    ("帆", "Fan"),
    ("阳", "Yang"),
    ("思远", "Siyuan"),
    ("文博", "Wenbo"),
    ("子涵", "Zihan"),
    ("晓峰", "Xiaofeng"),
    ("建国", "Jianguo"),
    ("春燕", "Chunyan"),
    ("志强", "Zhiqiang"),
    ("雪梅", "Xuemei"),
    ("俊杰", "Junjie"),
    ("丽华", "Lihua"),
    ("海波", "Haibo"),
    ("雨桐", "Yutong"),
    ("嘉明", "Jiaming"),
    ("玉兰", "Yulan"),
    ("国栋", "Guodong"),
    ("晓琳", "Xiaolin"),
    ("天宇", "Tianyu"),
    ("红霞", "Hongxia"),
    ("永健", "Yongjian"),
    ("佳怡", "Jiayi"),
    ("大鹏", "Dapeng"),
    ("秀英", "Xiuying"),
    ("凯", "Kai"),
    ("颖", "Ying"),
    ("鑫", "Xin"),
    ("蕾", "Lei"),
    ("斌", "Bin"),
    ("霞", "Xia"),
    ("超", "Chao"),
    ("琴", "Qin"),
    ("勇", "Yong"),
    ("萍", "Ping"),
    ("晨曦", "Chenxi"),
    ("明轩", "Mingxuan"),
    ("诗雨", "Shiyu"),
    ("振华", "Zhenhua"),
    ("立新", "Lixin"),
    ("巧云", "Qiaoyun"),
    ("少军", "Shaojun"),
    ("梦洁", "Mengjie"),
    ("家豪", "Jiahao"),
    ("桂芳", "Guifang"),
    ("宏伟", "Hongwei"),
    ("艳", "Yan"),
];

/// A telephone number of an invented block: 199 0000 and four digits.
pub(crate) fn invented_phone(n: usize) -> String {
    format!("1990000{:04}", n % 10_000)
}

pub(crate) fn person_name(
    rng: &mut ChaCha8Rng,
) -> ((&'static str, &'static str), (&'static str, &'static str)) {
    (FAMILY[rng.random_range(0..FAMILY.len())], GIVEN[rng.random_range(0..GIVEN.len())])
}

/// `n` people with different names; the first is 张伟, whose day the story tells. One in ten is a manager,
/// beginning with the second.
pub fn people(city: &City, n: usize, seed: u64) -> Vec<Person> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x9e0_91e);
    let mut used: HashSet<String> = HashSet::new();
    let lanes: Vec<usize> = (0..city.edges.len())
        .filter(|&i| city.edges[i].class == StreetClass::Lane && city.edges[i].length_m > 90.0)
        .collect();
    (0..n)
        .map(|i| {
            let ((family, family_en), (given, given_en)) = loop {
                let (f, g) = if i == 0 { (("张", "Zhang"), ("伟", "Wei")) } else { person_name(&mut rng) };
                // After all pairs are used, names may repeat, as they do in life.
                if used.insert(format!("{}{}", f.0, g.0)) || used.len() > FAMILY.len() * GIVEN.len() / 2 {
                    break (f, g);
                }
            };
            let edge = &city.edges[lanes[rng.random_range(0..lanes.len())]];
            let along = rng.random_range(30.0..edge.length_m - 30.0);
            let (p, d) = point_along(&edge.line, along);
            let side = if rng.random_bool(0.5) { 14.0 } else { -14.0 };
            Person {
                name: format!("{family}{given}"),
                pinyin: format!("{family_en}{given_en}").to_lowercase(),
                name_en: format!("{family_en} {given_en}"),
                phone: invented_phone(i),
                home: city.lng_lat(p + d.left() * side),
                manager: i % 10 == 1,
            }
        })
        .collect()
}
