use base::{Micros, Problem, problem};
use db::{LogEntry, Query, Result, Tx};
use jiff::tz::TimeZone;
use picture::Stamp;
use serde_json::json;
use uuid::Uuid;
use work::visits::StampFacts;

use super::sql;
use crate::upload;

/// Refuses an upload that says other than the photo's record, which came first.
pub(crate) async fn check_record(tx: &mut Tx, id: Uuid, me: Uuid, sha256: &str) -> Result<()> {
    match work::visits::photo_record(tx, id).await? {
        Some(record) if record.employee_id != me || record.sha256 != sha256 => {
            Err(Problem::new(problem::CONFLICT))
        }
        _ => Ok(()),
    }
}

/// Joins bytes and record of a photo when both are here. Called by whichever comes second, in its transaction.
///
/// # Errors
/// `sync.conflict` when they do not belong together: another person's, another file, or no photo.
pub(crate) async fn link(tx: &mut Tx, id: Uuid) -> Result<()> {
    let (Some(upload), Some(record)) =
        (upload::sql::any(tx, id).await?, work::visits::photo_record(tx, id).await?)
    else {
        return Ok(());
    };
    if upload.name.is_some() || upload.employee_id != record.employee_id || upload.sha256 != record.sha256 {
        return Err(Problem::new(problem::CONFLICT));
    }
    let Some(at) = upload.completed_at else { return Ok(()) };
    let inserted = sql::insert(
        tx,
        sql::NewPhoto {
            id,
            visit_id: record.visit_id,
            employee_id: record.employee_id,
            department_id: record.department_id,
            sha256: &record.sha256,
            mime: &upload.mime,
        },
    )
    .await?;
    if inserted == 1 {
        // The server has the bytes and has checked that they are the promised ones.
        tx.log(LogEntry {
            kind: "photo.stored".into(),
            subject: record.visit_id,
            employee: record.employee_id,
            department: record.department_id,
            record: json!({ "photo": id, "mime": upload.mime, "size": record.size }),
            files: vec![(id, record.sha256.clone())],
        });
    }
    work::visits::photo_stored(tx, id, at).await
}

/// A record that comes in later than this after the photo was taken says so on the stamp.
const LATE: i64 = 5 * Micros::MINUTE;

/// What is written on a photo.
pub(crate) async fn stamp_of(q: &mut impl Query, id: Uuid) -> Result<Stamp> {
    let zone = org::zone(q).await?;
    if let Some(facts) = crate::loose::facts(q, id).await? {
        // the camera was not ours: nobody can say that the picture was taken there and then
        return Ok(Stamp { position: "ODK Collect 上传，非现场相机".into(), ..stamp(&facts, &zone) });
    }
    let facts = work::visits::stamp_facts(q, id).await?;
    Ok(stamp(&facts, &zone))
}

fn stamp(facts: &StampFacts, zone: &TimeZone) -> Stamp {
    let local = |t: Micros| t.timestamp().to_zoned(zone.clone());
    let (taken, noted) = (local(facts.taken_at), local(facts.noted_at));
    let weekday =
        ["一", "二", "三", "四", "五", "六", "日"][taken.weekday().to_monday_zero_offset() as usize % 7];
    let received = (facts.noted_at.0 - facts.taken_at.0 > LATE).then(|| {
        if taken.date() == noted.date() {
            noted.strftime("%H:%M 收到").to_string()
        } else {
            noted.strftime("%m-%d %H:%M 收到").to_string()
        }
    });
    let position = match (facts.at(), facts.accuracy_m) {
        (Some(at), Some(error)) => format!("{:.5}, {:.5} ±{error} m", at.lat(), at.lng()),
        (Some(at), None) => format!("{:.5}, {:.5}", at.lat(), at.lng()),
        (None, _) => "未取得定位".to_owned(),
    };
    let address = facts.address.as_deref().map(str::trim).filter(|a| !a.is_empty());
    Stamp {
        time: taken.strftime("%H:%M").to_string(),
        date: format!("{} 周{weekday}", taken.strftime("%Y-%m-%d")),
        place: address.map_or_else(|| facts.customer.clone(), |a| format!("{}·{a}", facts.customer)),
        person: format!("{}·{}", facts.person, facts.department),
        position,
        received,
        code: code(&facts.sha256),
    }
}

/// First eight digits of the hash in two groups: short enough to be read out.
fn code(sha256: &str) -> String {
    let head: String = sha256.chars().take(8).collect::<String>().to_uppercase();
    match head.split_at_checked(4) {
        Some((a, b)) => format!("{a} {b}"),
        None => head,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> StampFacts {
        StampFacts {
            sha256: "c04e19ab00112233".into(),
            taken_at: Micros(1_795_142_000_000_000),
            noted_at: Micros(1_795_142_030_000_000),
            lng: Some(1_187_969_012),
            lat: Some(320_603_100),
            accuracy_m: Some(9),
            person: "张伟".into(),
            department: "华东一部".into(),
            customer: "苏福便利".into(),
            address: Some("南京市玄武区中山路 88 号".into()),
        }
    }

    #[test]
    fn the_stamp_is_in_the_companys_time() {
        let stamp = stamp(&facts(), &TimeZone::get("Asia/Shanghai").unwrap());
        assert_eq!((stamp.time.as_str(), stamp.date.as_str()), ("10:33", "2026-11-20 周五"));
        assert_eq!(stamp.place, "苏福便利·南京市玄武区中山路 88 号");
        assert_eq!(stamp.position, "32.06031, 118.79690 ±9 m");
        assert_eq!(stamp.code, "C04E 19AB");
        assert_eq!(stamp.received, None);
    }

    #[test]
    fn what_came_late_or_without_place_says_so() {
        let late = StampFacts {
            noted_at: facts().taken_at.plus(2 * Micros::HOUR),
            lng: None,
            address: None,
            ..facts()
        };
        let stamp = stamp(&late, &TimeZone::get("Asia/Shanghai").unwrap());
        assert_eq!(stamp.received.as_deref(), Some("12:33 收到"));
        assert_eq!((stamp.position.as_str(), stamp.place.as_str()), ("未取得定位", "苏福便利"));
    }
}
