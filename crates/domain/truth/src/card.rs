//! Putting together what is shown about a finding and about a visit.

use base::{Problem, problem, problem::Lang};
use db::{Query, Result};
use org::Ref;
use serde::Deserialize;
use trust::{Code, VERSION};
use uuid::Uuid;
use work::{
    Proof,
    visits::{ProofDetail, ProofGiven, ProofState},
};

use crate::{
    Band, Event, Finding, Grade, TruthCard, examine,
    model::{CardPhoto, CardPoint, CardSeals, Number},
    sql,
};

/// A kept finding in words. Codes of a newer version show their name.
pub(crate) fn shown(r: sql::FindingRow, fallen: &[String], lang: Lang) -> Finding {
    let numbers: Vec<(String, f64)> = serde_json::from_str(&r.numbers).unwrap_or_default();
    let code = Code::from_key(&r.code);
    let (title, text, causes) = match code {
        Some(code) => {
            let rule = code.rule();
            let causes = rule.causes.iter().map(|c| c.text(lang).to_owned()).collect();
            (rule.title(lang).to_owned(), rule.sentence(lang, &numbers), causes)
        }
        None => (r.code.clone(), String::new(), vec![]),
    };
    let weight = r.weight as f64 / 1000.0;
    let band = match examine::engine_finding(&r, fallen) {
        Some(f) => trust::assess(vec![f], true).band.into(),
        None => Band::Amber,
    };
    Finding {
        id: r.id,
        employee: Ref { id: r.employee_id, name: r.employee_name },
        visit_id: r.visit_id,
        day: r.day,
        false_alarm_rate: code.and_then(Code::false_alarm_rate),
        code: r.code,
        title,
        text,
        causes,
        weight,
        band,
        status: r.status,
        numbers: numbers.into_iter().map(|(name, value)| Number { name, value }).collect(),
        photos: serde_json::from_str(&r.compared).unwrap_or_default(),
        rule_version: r.rule_version,
        from: r.from_at,
        to: r.to_at,
        found_at: r.found_at,
        answer_by: r.answer_by,
    }
}

/// What an event carries.
#[derive(Debug, Clone, Default, Deserialize, serde::Serialize)]
#[serde(default)]
pub(crate) struct Payload {
    pub reason_code: Option<String>,
    pub text: String,
    pub outcome: Option<String>,
    pub affects_pay: bool,
    pub photo_ids: Vec<Uuid>,
}

pub(crate) fn event(r: sql::EventRow) -> Event {
    let p: Payload = serde_json::from_str(&r.payload).unwrap_or_default();
    Event {
        id: r.id,
        finding_id: r.finding_id,
        kind: r.kind,
        actor: Ref { id: r.actor_id, name: r.actor_name.unwrap_or_default() },
        at: r.at,
        reason_code: p.reason_code,
        text: p.text,
        outcome: p.outcome,
        affects_pay: p.affects_pay,
        photo_ids: p.photo_ids,
    }
}

/// The card of a visit in reach.
pub(crate) async fn card(q: &mut impl Query, visit: Uuid, lang: Lang) -> Result<TruthCard> {
    let whole = work::visits::by_id(q, visit).await?;
    let v = work::visits::evidence_of(q, visit).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let fallen = examine::fallen_rules(q).await?;
    let rows = sql::of_visit(q, visit).await?;
    let mut events = vec![];
    for r in &rows {
        events.extend(sql::events(q, r.id).await?.into_iter().map(event));
    }
    let counted: Vec<trust::Finding> = rows
        .iter()
        .filter(|r| r.status != "cleared")
        .filter_map(|r| examine::engine_finding(r, &fallen))
        .collect();
    let readings = tracking::readings(q, v.employee_id, v.day).await?;
    let from = v.check_in_at.0 / 1000 - 900_000;
    let to = v.check_out_at.map_or(i64::MAX, |t| t.0 / 1000 + 900_000);
    let track: Vec<CardPoint> = readings
        .iter()
        .filter(|r| (from..=to).contains(&r.t_ms))
        .filter_map(|r| {
            Some(CardPoint {
                at: r.place()?,
                t: base::Micros(r.t_ms * 1000),
                accuracy_m: r.acc_dm.map(|a| f64::from(a) / 10.0),
                mock: r.mock,
            })
        })
        .collect();
    let known = v.in_at.is_some() || track.len() >= 2;
    let assessed = trust::assess(counted, known);
    let grade = match v.grade.as_deref() {
        Some("A") => Grade::A,
        Some("B") => Grade::B,
        Some("C") => Grade::C,
        _ => Grade::D,
    };
    let seals = devices::of_visit(q, visit).await?;
    let speaks_for = speaks_for(&whole, &v, track.len(), &seals, lang);
    Ok(TruthCard {
        band: assessed.band.into(),
        score: assessed.score,
        grade,
        speaks_for,
        findings: rows.into_iter().map(|r| shown(r, &fallen, lang)).collect(),
        events,
        track,
        customer_at: v.customer_at,
        check_in_at: v.in_at,
        check_in_accuracy_m: v.in_accuracy_m,
        radius_m: v.radius_m,
        taken_between: whole.taken_between,
        seals: CardSeals {
            sealed: seals.sealed,
            unsigned: seals.unsigned,
            failed: seals.unsealed + seals.broken,
            phones: seals.phones,
        },
        photos: whole
            .photos
            .iter()
            .map(|p| CardPhoto { id: p.id, taken_at: p.taken_at, taken_between: p.taken_between })
            .collect(),
        rule_version: VERSION.to_owned(),
        visit: whole.row,
    })
}

/// Proofs of check-in and steps that hold, or say something all the same; each once.
fn proved(visit: &work::Visit) -> Vec<(Proof, Option<ProofDetail>)> {
    let mut all = vec![];
    let holds = |p: &ProofGiven| p.state == ProofState::Held || p.detail == Some(ProofDetail::Printed);
    let steps = visit.steps.iter().flat_map(|s| &s.proofs);
    for p in visit.row.identity.iter().chain(steps).filter(|p| holds(p)) {
        if !all.contains(&(p.proof, p.detail)) {
            all.push((p.proof, p.detail));
        }
    }
    all
}

/// What was checked and holds. Only what was really checked is said.
fn speaks_for(
    visit: &work::Visit,
    v: &work::visits::VisitEvidence,
    points: usize,
    seals: &devices::VisitSeals,
    lang: Lang,
) -> Vec<String> {
    let mut out = vec![];
    let mut say = |zh: String, en: String| out.push(if lang == Lang::Zh { zh } else { en });
    if visit.check_in.verdict == work::Verdict::In {
        let d = visit.check_in.distance_m.unwrap_or(0);
        say(
            format!("签到定位在围栏内（距客户 {d} 米）"),
            format!("Checked in inside the fence ({d} m from the customer)"),
        );
    }
    if let Some(out) = &visit.check_out
        && out.verdict == work::Verdict::In
    {
        say("签出定位也在围栏内".into(), "Checked out inside the fence as well".into());
    }
    if points >= 2 {
        say(format!("前后有 {points} 个轨迹点可对照"), format!("{points} positions of the track around it"));
    }
    let live = v.photos.iter().filter(|l| **l).count();
    if live > 0 {
        say(
            format!("{live} 张照片由应用相机现场拍摄"),
            format!("{live} photos taken live with the app's camera"),
        );
    }
    if matches!(v.grade.as_deref(), Some("A" | "B" | "C")) && v.not_before < v.check_in_at {
        say("记录带有服务器发出的随机码".into(), "The record carries a random word of the server".into());
    }
    for (proof, detail) in proved(visit) {
        match (proof, detail) {
            (Proof::Code, Some(ProofDetail::Rotating)) => say(
                "扫到了客户屏幕上的动态码，时间吻合".into(),
                "The code on the customer's screen was read at the right time".into(),
            ),
            (Proof::Code, _) => say(
                "扫到了客户处的印刷码（固定不变，证明力较弱）".into(),
                "The printed code at the customer was read (it never changes and proves less)".into(),
            ),
            (Proof::Signature, _) => {
                say("对方在手机上签了名".into(), "The person visited signed on the phone".into());
            }
            (Proof::GroupPhoto, _) => say("拍了现场合影".into(), "A group photo was taken".into()),
            (Proof::Passkey, Some(ProofDetail::Verified | ProofDetail::VerifiedOffline)) => say(
                "本人用手机的指纹、面容或锁屏密码做了验证".into(),
                "The person was verified by the lock of the phone (passkey)".into(),
            ),
            (Proof::Audio, _) => say("有现场录音".into(), "Sound was recorded on site".into()),
            _ => {}
        }
    }
    let held = seals.unsealed + seals.broken + seals.unknown + seals.missing + seals.forks == 0;
    if seals.sealed > 0 && held {
        let n = seals.sealed;
        say(
            format!("{n} 条记录由本人已获准的手机签名，顺序完整"),
            format!("{n} records are signed by the person's approved phone, in an unbroken order"),
        );
    }
    if visit.row.stay_s.is_some() && visit.row.presence_s.is_some_and(|p| p > 0) {
        let minutes = visit.row.presence_s.unwrap_or(0) / 60;
        say(
            format!("轨迹显示在围栏内 {minutes} 分钟"),
            format!("The track shows {minutes} minutes inside the fence"),
        );
    }
    out
}
