//! Invented shops: a brand, a branch, a street side.

use std::collections::HashMap;

use geo::LngLat;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::City;
use crate::find::OnEdge;
use crate::people::{invented_phone, person_name};
use crate::shape::{line_length, point_along};
use crate::street::StreetClass;

/// What a shop sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopKind {
    Supermarket,
    Convenience,
    LiquorTobacco,
    Fresh,
    Grocery,
    Wholesale,
    Restaurant,
}

impl ShopKind {
    pub fn zh(self) -> &'static str {
        match self {
            Self::Supermarket => "超市",
            Self::Convenience => "便利店",
            Self::LiquorTobacco => "烟酒店",
            Self::Fresh => "生鲜店",
            Self::Grocery => "副食店",
            Self::Wholesale => "批发部",
            Self::Restaurant => "餐饮店",
        }
    }
}

/// How important a customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    A,
    B,
    C,
}

/// A customer of the invented company.
#[derive(Debug, Clone, PartialEq)]
pub struct Shop {
    /// As in 惠万家超市（云锦路店）.
    pub name: String,
    pub name_en: String,
    pub kind: ShopKind,
    pub grade: Grade,
    /// District, street and house number.
    pub address: String,
    pub street: String,
    pub district: String,
    /// The door, 8–15 m off the centre line of the street.
    pub at: LngLat,
    pub contact: String,
    /// As in 店长.
    pub contact_post: String,
    pub phone: String,
    pub tags: Vec<String>,
}

type Brand = (&'static str, &'static str);

const BRANDS: [(ShopKind, u32, &[Brand]); 7] = [
    (
        ShopKind::Supermarket,
        22,
        &[
            ("惠万家超市", "Huiwanjia Supermarket"),
            ("乐家超市", "Lejia Supermarket"),
            ("福满家超市", "Fumanjia Supermarket"),
            ("万佳乐超市", "Wanjiale Supermarket"),
            ("云锦生活超市", "Yunjin Life Supermarket"),
            ("明珠超市", "Mingzhu Supermarket"),
            ("邻里家超市", "Linlijia Supermarket"),
            ("华联惠超市", "Hualianhui Supermarket"),
        ],
    ),
    (
        ShopKind::Convenience,
        30,
        &[
            ("苏福便利", "Sufu Convenience"),
            ("快客来便利", "Kuaikelai Convenience"),
            ("好邻居便利", "Haolinju Convenience"),
            ("晨光便利", "Chenguang Convenience"),
            ("每日鲜便利", "Meirixian Convenience"),
            ("小橙便利", "Xiaocheng Convenience"),
            ("街角便利", "Jiejiao Convenience"),
            ("二十四节气便利", "Jieqi Convenience"),
        ],
    ),
    (
        ShopKind::LiquorTobacco,
        14,
        &[
            ("恒源烟酒行", "Hengyuan Liquor & Tobacco"),
            ("金陵烟酒行", "Jinling Liquor & Tobacco"),
            ("老窖坊烟酒", "Laojiaofang Liquor"),
            ("名烟名酒汇", "Mingyan Liquor & Tobacco"),
            ("鸿运烟酒行", "Hongyun Liquor & Tobacco"),
        ],
    ),
    (
        ShopKind::Fresh,
        10,
        &[
            ("龙门生鲜", "Longmen Fresh"),
            ("绿田生鲜", "Lütian Fresh"),
            ("菜篮子生鲜", "Cailanzi Fresh"),
            ("鲜得乐生鲜", "Xiandele Fresh"),
        ],
    ),
    (
        ShopKind::Grocery,
        12,
        &[
            ("老门东食品行", "Laomendong Foods"),
            ("和记副食", "Heji Grocery"),
            ("金桥副食", "Jinqiao Grocery"),
            ("板桥副食", "Banqiao Grocery"),
            ("顺发食品店", "Shunfa Foods"),
        ],
    ),
    (
        ShopKind::Wholesale,
        5,
        &[
            ("城南批发", "Chengnan Wholesale"),
            ("众彩批发部", "Zhongcai Wholesale"),
            ("大桥百货批发", "Daqiao Wholesale"),
        ],
    ),
    (
        ShopKind::Restaurant,
        7,
        &[
            ("鸭血粉丝汤馆", "Duck Soup House"),
            ("聚福楼酒家", "Jufulou Restaurant"),
            ("小龙虾大排档", "Crayfish Kitchen"),
            ("知味小馆", "Zhiwei Bistro"),
        ],
    ),
];

const TAGS: [&str; 10] =
    ["有冰柜", "新客户", "重点陈列", "学校旁", "社区店", "夜间营业", "竞品强", "可做地堆", "月结", "现结"];

impl City {
    /// `n` shops, dense in the centre, on main roads, streets and lanes. The same seed gives the same shops.
    pub fn shops(&self, n: usize, seed: u64) -> Vec<Shop> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5_0b5);
        let weights = self.shop_weights();
        let mut spots: Vec<(OnEdge, LngLat)> = Vec::new();
        let mut tries = 0;
        while spots.len() < n && tries < n * 60 {
            tries += 1;
            let Some(spot) = self.shop_spot(&weights, &mut rng) else { continue };
            let apart = if tries < n * 30 { 45.0 } else { 20.0 };
            if spots.iter().all(|s| geo::distance_m(s.1, spot.1) > apart) {
                spots.push(spot);
            }
        }
        let mut branches: HashMap<String, usize> = HashMap::new();
        spots
            .into_iter()
            .enumerate()
            .map(|(i, (place, at))| {
                let (kind, brand) = pick_brand(&mut rng);
                let mut shop = self.shop(kind, brand, place, at, 200 + i, &mut rng);
                let twin = branches.entry(shop.name.clone()).or_default();
                *twin += 1;
                if *twin > 1 {
                    let (number, zh) = (*twin, ["", "", "二", "三", "四", "五", "六"]);
                    let ordinal = zh.get(number).copied().unwrap_or("新");
                    shop.name = shop.name.replace("店）", &format!("{ordinal}店）"));
                    shop.name_en = format!("{} {number}", shop.name_en);
                }
                shop
            })
            .collect()
    }

    /// A shop of a brand at a place, with everything else invented.
    pub(crate) fn shop(
        &self,
        kind: ShopKind,
        (brand, brand_en): Brand,
        place: OnEdge,
        at: LngLat,
        number: usize,
        rng: &mut ChaCha8Rng,
    ) -> Shop {
        let street = &self.streets[self.edges[place.edge].street].name;
        let district = self.district(at).name.zh.clone();
        let branch = street.zh.strip_suffix("路").filter(|s| s.chars().count() > 2).unwrap_or(&street.zh);
        let grade = match rng.random_range(0..10) {
            0..=1 => Grade::A,
            2..=5 => Grade::B,
            _ => Grade::C,
        };
        let ((family, _), (given, _)) = person_name(rng);
        let contact_post = ["店长", "老板", "老板娘", "采购"][rng.random_range(0..4)].to_owned();
        let mut tags: Vec<String> = Vec::new();
        for _ in 0..rng.random_range(0..3) {
            let tag = TAGS[rng.random_range(0..TAGS.len())].to_owned();
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let house = self.house_number(place, at);
        Shop {
            name: format!("{brand}（{branch}店）"),
            name_en: format!("{brand_en} ({})", street.en),
            kind,
            grade,
            address: format!("{district}{}{house}号", street.zh),
            street: street.zh.clone(),
            district,
            at,
            contact: format!("{family}{given}"),
            contact_post,
            phone: invented_phone(number),
            tags,
        }
    }

    /// Odd on the left of the edge, even on the right; about one number every 6 m.
    fn house_number(&self, place: OnEdge, at: LngLat) -> u32 {
        let edge = &self.edges[place.edge];
        let (p, d) = point_along(&edge.line, place.along_m);
        let left = d.cross(self.xy(at) - p) > 0.0;
        // Edges of one street are numbered in a row, so that no number comes twice.
        let before: f64 =
            self.edges[..place.edge].iter().filter(|e| e.street == edge.street).map(|e| e.length_m).sum();
        let step = ((before + place.along_m) / 12.0) as u32;
        step * 2 + if left { 1 } else { 2 }
    }

    /// Running sum of how likely a shop stands on each edge.
    fn shop_weights(&self) -> Vec<f64> {
        let mut sum = 0.0;
        self.edges
            .iter()
            .map(|e| {
                let middle = e.line[e.line.len() / 2];
                let far = (middle - self.heart).len();
                let kind = match e.class {
                    StreetClass::Fast => 0.0,
                    StreetClass::Main => 1.3,
                    StreetClass::Street => 1.6,
                    StreetClass::Lane => 0.8,
                };
                let fits = e.length_m > 75.0 && !e.bridge;
                let density = 0.12 + (-(far / 3_300.0).powi(2)).exp();
                sum += if fits { e.length_m * kind * density } else { 0.0 };
                sum
            })
            .collect()
    }

    fn shop_spot(&self, weights: &[f64], rng: &mut ChaCha8Rng) -> Option<(OnEdge, LngLat)> {
        let total = weights.last().copied().filter(|t| *t > 0.0)?;
        let ticket = rng.random_range(0.0..total);
        let edge = weights.partition_point(|&w| w < ticket).min(self.edges.len() - 1);
        let length = line_length(&self.edges[edge].line);
        if length < 75.0 {
            return None;
        }
        let along = rng.random_range(32.0..length - 32.0);
        let left = rng.random_bool(0.5);
        let off = rng.random_range(8.5..14.5);
        self.beside(edge, along, if left { off } else { -off })
    }

    /// A place beside a street, `off` metres to the left of the edge (negative: right). None when another
    /// street is nearer.
    pub(crate) fn beside(&self, edge: usize, along_m: f64, off: f64) -> Option<(OnEdge, LngLat)> {
        let (p, d) = point_along(&self.edges[edge].line, along_m);
        let q = p + d.left() * off;
        let nearest = self.finder.nearest(&self.edges, q, |_| true)?;
        let own = nearest.edge == edge && (8.0..=15.0).contains(&nearest.off_m);
        let at = self.lng_lat(q);
        own.then_some((OnEdge { edge, along_m, off_m: off.abs() }, at))
    }
}

fn pick_brand(rng: &mut ChaCha8Rng) -> (ShopKind, Brand) {
    let total: u32 = BRANDS.iter().map(|b| b.1).sum();
    let mut ticket = rng.random_range(0..total);
    for (kind, weight, brands) in BRANDS {
        if ticket < weight {
            return (kind, brands[rng.random_range(0..brands.len())]);
        }
        ticket -= weight;
    }
    (ShopKind::Convenience, BRANDS[1].2[0])
}
