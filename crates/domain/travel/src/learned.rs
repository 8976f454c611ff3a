//! What a company's own days teach: how long visits last, and how much slower or faster the way is than expected,
//! by hour, and how much longer streets are than the straight line in each area. Pure arithmetic over samples, and where the
//! result is kept.

use std::collections::{BTreeMap, BTreeSet};

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use geo::LngLat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Fewer samples teach nothing.
pub const LEAST: usize = 5;
/// Longer stays and ways are something else than a visit or a drive, seconds.
const LONGEST_STAY: i64 = 4 * 3600;
const LONGEST_WAY: i64 = 2 * 3600;
/// Shorter ways say little, seconds.
const SHORTEST_WAY: i64 = 120;

/// Fewer ways that were driven teach nothing of the streets of an area.
pub const LEAST_WAYS: usize = 20;
/// An area is a square of so many ten-millionths of a degree: about a city.
const AREA_E7: i64 = 2_500_000;
/// Shorter lines say little, metres.
const SHORTEST_LINE_M: f64 = 500.0;
/// Streets three times as long as the line are a way round by something else, thousandths.
const LONGEST_DETOUR: i64 = 3_000;
/// Areas kept, those with the most ways.
const AREAS: usize = 50;

/// How long visits at customers of a grade last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LearnedStay {
    /// Absent: customers without a grade.
    pub grade: Option<String>,
    /// Median.
    pub seconds: i64,
    pub samples: i64,
}

/// How the way compares with what was expected of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LearnedHour {
    /// Hour of the day the way began in; absent: all hours together.
    pub hour: Option<i64>,
    /// Median of taken over expected, thousandths.
    pub permille: i64,
    pub samples: i64,
}

/// How much longer driven ways are than the straight line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LearnedArea {
    /// Middle of the area; absent: everywhere.
    #[schema(value_type = Option<Vec<f64>>)]
    pub at: Option<LngLat>,
    /// The customer there to whom most ways led.
    pub near: Option<String>,
    /// Median of driven over the line, thousandths.
    pub permille: i64,
    pub samples: i64,
}

/// What was learned.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    pub stays: Vec<LearnedStay>,
    pub hours: Vec<LearnedHour>,
    #[serde(default)]
    pub areas: Vec<LearnedArea>,
}

/// A finished visit.
#[derive(Debug, Clone)]
pub struct Stay {
    pub grade: Option<String>,
    pub seconds: i64,
}

/// A way between two visits of a day: from check-out to check-in, whatever happened between.
#[derive(Debug, Clone, Copy)]
pub struct Drive {
    /// Local hour it began in.
    pub hour: i64,
    pub taken_s: i64,
    pub expected_s: i64,
}

/// A way from one customer to the next as it was driven by its track.
#[derive(Debug, Clone)]
pub struct Way {
    pub from: LngLat,
    pub to: LngLat,
    pub driven_m: i64,
    /// Name of the customer it led to.
    pub near: String,
}

/// Learns from samples; what has fewer than [`LEAST`] (of areas [`LEAST_WAYS`]) is left out.
pub fn learn(stays: &[Stay], drives: &[Drive], ways: &[Way]) -> Learned {
    let mut grades: Vec<Option<String>> = stays.iter().map(|s| s.grade.clone()).collect();
    grades.sort();
    grades.dedup();
    let stay = |grade: Option<String>| {
        let of_grade = stays.iter().filter(|s| s.grade == grade && (60..=LONGEST_STAY).contains(&s.seconds));
        let (seconds, samples) = median(of_grade.map(|s| s.seconds).collect())?;
        Some(LearnedStay { grade, seconds, samples })
    };
    let sound = |d: &&Drive| d.expected_s >= SHORTEST_WAY && (60..=LONGEST_WAY).contains(&d.taken_s);
    let hour = |hour: Option<i64>| {
        let of_hour = drives.iter().filter(sound).filter(|d| hour.is_none_or(|h| d.hour == h));
        let (permille, samples) = median(of_hour.map(|d| d.taken_s * 1000 / d.expected_s).collect())?;
        Some(LearnedHour { hour, permille: permille.clamp(400, 4000), samples })
    };
    Learned {
        stays: grades.into_iter().filter_map(stay).collect(),
        hours: std::iter::once(None).chain((0..24).map(Some)).filter_map(hour).collect(),
        areas: areas(ways),
    }
}

/// Everywhere, then each area of which enough is known.
fn areas(ways: &[Way]) -> Vec<LearnedArea> {
    let detour = |w: &Way| {
        let line = geo::distance_m(w.from, w.to);
        let permille = (w.driven_m as f64 * 1000.0 / line.max(1.0)).round() as i64;
        // Shorter than the line is a track with a hole.
        (line >= SHORTEST_LINE_M && (1000..=LONGEST_DETOUR).contains(&permille)).then_some(permille)
    };
    let known: Vec<(&Way, i64)> = ways.iter().filter_map(|w| Some((w, detour(w)?))).collect();
    let cells: BTreeSet<(i64, i64)> = known.iter().map(|(w, _)| cell(w.to)).collect();
    let learned = |at: Option<(i64, i64)>| {
        let here = || known.iter().filter(|(w, _)| at.is_none_or(|at| cell(w.to) == at));
        let (permille, samples) = median(here().map(|(_, p)| *p).collect())?;
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        here().for_each(|(w, _)| *names.entry(&w.near).or_default() += 1);
        let near = names
            .iter()
            .max_by_key(|(name, n)| (**n, std::cmp::Reverse(**name)))
            .map(|(name, _)| (*name).to_owned());
        (samples >= LEAST_WAYS as i64).then(|| LearnedArea {
            at: at.and_then(middle),
            near: near.filter(|_| at.is_some()),
            permille,
            samples,
        })
    };
    let mut all: Vec<LearnedArea> = cells.into_iter().filter_map(|c| learned(Some(c))).collect();
    all.sort_by_key(|a| std::cmp::Reverse(a.samples));
    all.truncate(AREAS);
    learned(None).into_iter().chain(all).collect()
}

fn cell(at: LngLat) -> (i64, i64) {
    let (lng, lat) = at.e7();
    (lng.div_euclid(AREA_E7), lat.div_euclid(AREA_E7))
}

fn middle((x, y): (i64, i64)) -> Option<LngLat> {
    LngLat::from_e7(x * AREA_E7 + AREA_E7 / 2, y * AREA_E7 + AREA_E7 / 2).ok()
}

/// Median and number; `None` for too few.
fn median(mut values: Vec<i64>) -> Option<(i64, i64)> {
    if values.len() < LEAST {
        return None;
    }
    values.sort_unstable();
    Some((values[values.len() / 2], values.len() as i64))
}

impl Learned {
    /// How long a visit at a customer of this grade usually lasts.
    pub fn stay_s(&self, grade: Option<&str>) -> Option<i64> {
        self.stays.iter().find(|s| s.grade.as_deref() == grade).map(|s| s.seconds)
    }

    /// Streets over the line around a place, thousandths: of its area, or of everywhere, as far as either is known.
    pub fn detour(&self, at: LngLat) -> Option<i64> {
        let own = self.areas.iter().find(|a| a.at.is_some_and(|m| cell(m) == cell(at)));
        own.or(self.areas.iter().find(|a| a.at.is_none())).map(|a| a.permille)
    }

    /// The factor between two minutes of a day: the mean of its hours, thousandths. An hour of which too little is
    /// known counts as the whole day does, and that as 1000 when nothing is known.
    pub fn permille(&self, from_minute: i64, to_minute: i64) -> i64 {
        let of = |hour: Option<i64>| self.hours.iter().find(|h| h.hour == hour).map(|h| h.permille);
        let all = of(None).unwrap_or(1000);
        let hours = from_minute / 60..=(to_minute - 1).max(from_minute) / 60;
        let (sum, count) = hours.fold((0, 0), |(sum, n), h| (sum + of(Some(h)).unwrap_or(all), n + 1));
        sum / count.max(1)
    }
}

/// What is kept: whether it is used, and what was learned when.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    pub on: bool,
    pub learned: Learned,
    pub learned_at: Option<Micros>,
    /// Somebody asked to learn anew, and it is not done yet.
    pub asked_at: Option<Micros>,
    /// It could not be done the last time.
    pub failed_at: Option<Micros>,
    pub version: i64,
}

db::row! { struct KeptRow { in_use: bool, content: String, learned_at: Option<Micros>, asked_at: Option<Micros>, failed_at: Option<Micros>, version: i64 } }

pub async fn kept(q: &mut impl Query) -> Result<Kept> {
    let row: Option<KeptRow> = q
        .one(
            sql!("SELECT in_use, content, learned_at, asked_at, failed_at, version FROM travel_learned WHERE tenant_id = $1"),
            vec![],
        )
        .await?;
    Ok(row.map_or_else(Kept::default, |r| Kept {
        on: r.in_use,
        learned: serde_json::from_str(&r.content).unwrap_or_default(),
        learned_at: r.learned_at,
        asked_at: r.asked_at,
        failed_at: r.failed_at,
        version: r.version,
    }))
}

/// Asks to learn anew. Asked again before it is done it is the same.
pub async fn ask(tx: &mut Tx) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO travel_learned (tenant_id, in_use, content, learned_at, asked_at, version) VALUES ($1, 0, '{}', NULL, $3, 1) \
             ON CONFLICT (tenant_id) DO UPDATE SET asked_at = COALESCE(travel_learned.asked_at, $3), failed_at = NULL"
        ),
        args![now],
    )
    .await
}

/// It could not be done: nobody waits for it any more.
pub async fn give_up(tx: &mut Tx) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE travel_learned SET asked_at = NULL, failed_at = $3 WHERE tenant_id = $1"),
        args![now],
    )
    .await
}

/// Stores what was learned; the switch stays as it is (off at first).
pub async fn store(tx: &mut Tx, learned: &Learned) -> Result<u64> {
    let content = serde_json::to_string(learned).map_err(base::Problem::internal)?;
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO travel_learned (tenant_id, in_use, content, learned_at, version) VALUES ($1, 0, $3, $4, 1) \
             ON CONFLICT (tenant_id) DO UPDATE SET content = $3, learned_at = $4, asked_at = NULL, failed_at = NULL, version = travel_learned.version + 1"
        ),
        args![content, now],
    )
    .await
}

/// Turns the use on or off.
pub async fn switch(tx: &mut Tx, on: bool) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO travel_learned (tenant_id, in_use, content, learned_at, version) VALUES ($1, $3, '{}', NULL, 1) \
             ON CONFLICT (tenant_id) DO UPDATE SET in_use = $3, version = travel_learned.version + 1"
        ),
        args![on],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_are_learned_by_area_and_fall_back_to_everywhere() {
        let at = |lng: f64, lat: f64| LngLat::new(lng, lat).unwrap();
        let (nanjing, suzhou, wuxi) = (at(118.8, 32.05), at(120.6, 31.3), at(120.3, 31.55));
        let way = |from: LngLat, permille: f64, near: &str| {
            let to = geo::destination(from, 30.0, 4_000.0);
            Way { from, to, driven_m: (4.0 * permille) as i64, near: near.into() }
        };
        let mut ways: Vec<Way> = (0..30).map(|k| way(nanjing, 1_300.0 + f64::from(k), "甲店")).collect();
        ways.extend(
            (0..25).map(|k| way(suzhou, 1_600.0 + f64::from(k), if k == 0 { "丙店" } else { "乙店" })),
        );
        // Too few, and none: a hole in the track, a day trip, next door.
        ways.extend((0..5).map(|_| way(wuxi, 2_000.0, "丁店")));
        ways.push(way(nanjing, 400.0, "甲店"));
        ways.push(way(nanjing, 9_000.0, "甲店"));
        ways.push(Way { to: geo::destination(nanjing, 0.0, 100.0), ..way(nanjing, 1_500.0, "甲店") });
        let learned = learn(&[], &[], &ways);
        let seen: Vec<(Option<&str>, i64)> =
            learned.areas.iter().map(|a| (a.near.as_deref(), a.samples)).collect();
        assert_eq!(seen, [(None, 60), (Some("甲店"), 30), (Some("乙店"), 25)]);
        let detour = |at| learned.detour(at).unwrap();
        assert!((1_313..=1_317).contains(&detour(nanjing)), "{}", detour(nanjing));
        assert!((1_610..=1_614).contains(&detour(suzhou)), "{}", detour(suzhou));
        assert_eq!(Some(detour(wuxi)), learned.areas.first().map(|a| a.permille));
        assert_eq!(Learned::default().detour(nanjing), None);
        let old: Learned = serde_json::from_str(r#"{"stays":[],"hours":[]}"#).unwrap();
        assert_eq!(old.areas, []);
    }

    #[test]
    fn medians_by_grade_and_hour() {
        let stay = |grade: &str, seconds| Stay { grade: Some(grade.into()), seconds };
        let stays = [300, 600, 900, 1200, 90_000, 1500].map(|s| stay("A", s));
        let few = [stay("B", 600), stay("B", 700)];
        let drive = |hour, taken_s| Drive { hour, taken_s, expected_s: 600 };
        let drives = [(8, 900), (8, 1200), (8, 1200), (8, 1200), (8, 1500), (14, 600), (14, 30_000)];
        let drives: Vec<Drive> = drives.into_iter().map(|(h, t)| drive(h, t)).collect();
        let l = learn(&[&stays[..], &few[..]].concat(), &drives, &[]);
        assert_eq!(l.stays, [LearnedStay { grade: Some("A".into()), seconds: 900, samples: 5 }]);
        assert_eq!((l.stay_s(Some("A")), l.stay_s(Some("B")), l.stay_s(None)), (Some(900), None, None));
        assert_eq!(l.hours.len(), 2, "all hours together, and eight o'clock: {:?}", l.hours);
        assert_eq!(l.permille(8 * 60, 9 * 60), 2000);
        assert_eq!(
            l.permille(14 * 60, 15 * 60),
            l.permille(0, 60),
            "of fourteen o'clock too little is known"
        );
        assert_eq!(Learned::default().permille(0, 1440), 1000);
        assert_eq!(Learned::default().permille(600, 600), 1000);
    }
}
