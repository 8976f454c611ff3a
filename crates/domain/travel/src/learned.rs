//! What a company's own days teach: how long visits last, and how much slower or faster the way is than expected,
//! by hour. Pure arithmetic over samples, and where the result is kept.

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Fewer samples teach nothing.
pub const LEAST: usize = 5;
/// Longer stays and ways are something else than a visit or a drive, seconds.
const LONGEST_STAY: i64 = 4 * 3600;
const LONGEST_WAY: i64 = 2 * 3600;
/// Shorter ways say little, seconds.
const SHORTEST_WAY: i64 = 120;

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

/// What was learned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    pub stays: Vec<LearnedStay>,
    pub hours: Vec<LearnedHour>,
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

/// Learns from samples; what has fewer than [`LEAST`] is left out.
pub fn learn(stays: &[Stay], drives: &[Drive]) -> Learned {
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
    }
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
    pub version: i64,
}

db::row! { struct KeptRow { in_use: bool, content: String, learned_at: Option<Micros>, version: i64 } }

pub async fn kept(q: &mut impl Query) -> Result<Kept> {
    let row: Option<KeptRow> = q
        .one(
            sql!("SELECT in_use, content, learned_at, version FROM travel_learned WHERE tenant_id = $1"),
            vec![],
        )
        .await?;
    Ok(row.map_or_else(Kept::default, |r| Kept {
        on: r.in_use,
        learned: serde_json::from_str(&r.content).unwrap_or_default(),
        learned_at: r.learned_at,
        version: r.version,
    }))
}

/// Stores what was learned; the switch stays as it is (off at first).
pub async fn store(tx: &mut Tx, learned: &Learned) -> Result<u64> {
    let content = serde_json::to_string(learned).map_err(base::Problem::internal)?;
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO travel_learned (tenant_id, in_use, content, learned_at, version) VALUES ($1, 0, $3, $4, 1) \
             ON CONFLICT (tenant_id) DO UPDATE SET content = $3, learned_at = $4, version = travel_learned.version + 1"
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
    fn medians_by_grade_and_hour() {
        let stay = |grade: &str, seconds| Stay { grade: Some(grade.into()), seconds };
        let stays = [300, 600, 900, 1200, 90_000, 1500].map(|s| stay("A", s));
        let few = [stay("B", 600), stay("B", 700)];
        let drive = |hour, taken_s| Drive { hour, taken_s, expected_s: 600 };
        let drives = [(8, 900), (8, 1200), (8, 1200), (8, 1200), (8, 1500), (14, 600), (14, 30_000)];
        let drives: Vec<Drive> = drives.into_iter().map(|(h, t)| drive(h, t)).collect();
        let l = learn(&[&stays[..], &few[..]].concat(), &drives);
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
