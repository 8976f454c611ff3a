//! What a phone records of a visit. All functions act for the person of the transaction's scope; each decides
//! before it writes, so a refused record leaves nothing behind, and answers the
//! visit. Telling the consoles is left to [`announce`].

use std::collections::HashMap;

use api::Checks;
use base::{Micros, Problem, problem};
use customers::OutsideRule;
use db::{News, Query, Result, Tx};
use devices::passkeys::Confirmation;
use geo::LngLat;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Fix, OutsideCode, OutsideReason, PhotoPurpose, StampFacts, StepCode, Verdict, audio, place_photo,
    proofs::{self, Named, ProofGiven, ProofState},
    rules::{self, Answers, Facts},
    sql::{self, Full, PhotoRow, StepRow},
};
use crate::{
    CLOSED, GUIDE_UNOPENED, OUTSIDE, PREREQUISITE, REASON_REQUIRED, STEP_INCOMPLETE, STEP_LOCKED, Step,
    StepKind, StepPoint, TaskStatus, UNKNOWN_STEP, WRONG_CODE, changes,
    model::{content_sha256, from_json, point, to_json},
    tasks::{self, Change, sql::TaskRow},
};

/// When a record was made and what is certain about it.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// By the phone's clock.
    pub said_at: Micros,
    /// When the random word it carries was issued.
    pub not_before: Option<Micros>,
    /// Not later than, where that is known closer than by when it came in.
    pub not_after: Option<Micros>,
    /// When it came in, for what is brought over from elsewhere (demonstration data, another system); absent: now.
    pub received: Option<Micros>,
}

/// Body of `visit.check_in`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CheckInRecord)]
pub struct CheckIn {
    pub visit_id: Uuid,
    pub task_id: Option<Uuid>,
    pub customer_id: Uuid,
    pub fix: Option<Fix>,
    pub offline: bool,
    pub nonce: Option<String>,
    /// Why it was made from outside the fence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<OutsideReason>,
    /// The phone asks for a photo of the place: a step under the visit's own id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub place_photo: bool,
    /// The person's passkey, used for this check-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Confirmation>,
}

/// Body of `visit.step`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepRecord {
    pub visit_id: Uuid,
    pub step_id: Uuid,
    /// done or skipped.
    pub status: String,
    #[serde(default)]
    pub value: Value,
    pub photo_ids: Option<Vec<Uuid>>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Micros>,
    pub fix: Option<Fix>,
    pub reason: Option<String>,
    /// When its guide was opened.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub guide_opened_at: Option<Micros>,
    /// Its recordings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_ids: Option<Vec<Uuid>>,
    /// The customer's code, as it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<StepCode>,
    /// The person's passkey, used for this step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<devices::passkeys::Confirmation>,
    /// The label of the point, as it was scanned or typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<StepScan>,
}

/// How somebody proved to stand before a point.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepScan {
    #[schema(max_length = 200)]
    pub code: String,
    /// Typed, not scanned.
    pub typed: bool,
}

/// Body of `visit.photo`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhotoRecord {
    pub visit_id: Uuid,
    pub step_id: Uuid,
    pub photo_id: Uuid,
    pub sha256: String,
    pub size: i64,
    pub mime: String,
    pub width: i64,
    pub height: i64,
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Micros,
    pub fix: Option<Fix>,
    pub live: bool,
    /// What it is; a photo unless it says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<PhotoPurpose>,
}

/// Body of `visit.summary`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SummaryRecord)]
pub struct Summary {
    pub visit_id: Uuid,
    pub text: String,
}

/// Body of `visit.check_out`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CheckOutRecord)]
pub struct CheckOut {
    pub visit_id: Uuid,
    pub fix: Option<Fix>,
}

fn check_fix(fix: Option<&Fix>) -> Result<()> {
    Checks::new().that("fix", fix.is_none_or(Fix::is_sound)).done()
}

/// Has its person just made this record, waiting for what becomes of it?
fn said_just_now(said_at: Micros, now: Micros) -> bool {
    now < said_at.plus(2 * Micros::MINUTE)
}

fn check_outside(outside: Option<&OutsideReason>) -> Result<()> {
    let Some(OutsideReason { code, words }) = outside else { return Ok(()) };
    let said = words.as_deref().is_some_and(|w| !w.trim().is_empty());
    Checks::new()
        .at_most("outside.words", words.as_deref(), 200)
        .that("outside.words", said || *code != OutsideCode::Other)
        .done()
}

/// The acting person's visit, or "not yet here".
pub(super) async fn mine(tx: &mut Tx, id: Uuid) -> Result<Full> {
    let me = tx.scope().actor();
    match sql::any(tx, id).await? {
        Some(visit) if visit.light.employee_id == me => Ok(visit),
        _ => Err(Problem::new(PREREQUISITE).with("missing", "visit")),
    }
}

/// Refuses what the phone recorded after the check-out.
pub(super) fn not_closed(visit: &Full, said_at: Micros) -> Result<()> {
    match visit.rest.check_out_device_at {
        Some(out) if said_at > out => Err(Problem::new(CLOSED)),
        _ => Ok(()),
    }
}

/// Opens a visit. The same again answers as before; the same id with other content is a conflict.
pub async fn check_in(tx: &mut Tx, input: CheckIn, when: When) -> Result<Uuid> {
    check_fix(input.fix.as_ref())?;
    check_outside(input.outside.as_ref())?;
    Checks::new().that("passkey", input.passkey.as_ref().is_none_or(Confirmation::is_short)).done()?;
    let sha256 = content_sha256(&json!({ "body": input, "at": when.said_at }))?;
    let me = tx.scope().actor();
    if let Some(old) = sql::any(tx, input.visit_id).await? {
        return same(&old, me, &sha256);
    }
    let task = match input.task_id {
        Some(id) => Some(task_for(tx, id, input.customer_id).await?),
        None => {
            customers::place(tx, input.customer_id).await?;
            None
        }
    };
    let site = sql::site(tx, input.customer_id).await?;
    let received = when.received.unwrap_or(tx.now());
    // The phone learnt of customer and task after they were made, and of the random word after it was issued.
    let certain = [Some(site.created_at), task.as_ref().map(|t| t.created_at), when.not_before];
    let not_before = match when.received {
        Some(_) => when.not_before.unwrap_or(when.said_at),
        None => certain.into_iter().flatten().max().unwrap_or(received),
    };
    let at = rules::happened_at(when.said_at, not_before, received);
    let customer_at = point(site.lng, site.lat);
    let reading = rules::read_fence(input.fix.as_ref(), when.said_at, customer_at, site.radius_m);
    // Whoever stands there can be told; later, and without a network, nobody could be: such a visit is kept, and counts as
    // outside. A phone may say it had a network and have reached nobody.
    let stands_there = !input.offline && when.received.is_none() && said_just_now(when.said_at, tx.now());
    let rule = match (reading.verdict, site.outside.as_deref()) {
        (Verdict::Out, Some(key)) => Some(OutsideRule::from_key(key)),
        (Verdict::Out, None) => Some(changes::rule(tx).await?.outside),
        _ => None,
    };
    if stands_there && rule == Some(OutsideRule::No) {
        let distance = reading.distance_m.unwrap_or_default();
        return Err(Problem::new(OUTSIDE).with("distance_m", distance).with("radius_m", reading.radius_m));
    }
    let moment = (when, at, stands_there);
    let identity = proofs::who_checked_in(tx, input.visit_id, input.passkey.as_ref(), moment).await?;
    let zone = org::zone(tx).await?;
    let person = org::person(tx, me).await?;
    let mut steps: Vec<Step> = task.as_ref().map(|t| from_json(&t.steps)).transpose()?.unwrap_or_default();
    let photo_due = rule == Some(OutsideRule::Photo) && when.received.is_none();
    if photo_due || input.place_photo {
        steps.insert(0, place_photo::step(input.visit_id, photo_due));
    }
    let day = at.local_day(&zone);
    let inserted = sql::insert(
        tx,
        sql::NewVisit {
            id: input.visit_id,
            employee_id: me,
            department_id: person.department_id,
            customer_id: input.customer_id,
            task_id: input.task_id,
            day,
            at,
            said_at: when.said_at,
            not_before: not_before.min(received),
            received_at: received,
            not_after: when.not_after.filter(|t| *t < received).map(|t| t.max(not_before)),
            offline: input.offline,
            customer_at,
            reading: &reading,
            min_stay_s: task.as_ref().map_or(site.min_stay_s, |t| t.min_stay_s),
            steps: &to_json(&steps)?,
            steps_total: steps.len() as i64,
            content_sha256: &sha256,
            outside: input.outside.as_ref(),
            identity: identity.as_ref().map(to_json).transpose()?,
        },
    )
    .await?;
    if !inserted {
        // The same check-in came by another request at the same time and was first.
        let old = sql::any(tx, input.visit_id).await?.ok_or_else(|| Problem::new(problem::CONFLICT))?;
        return same(&old, me, &sha256);
    }
    customers::touch_last_visit(tx, input.customer_id, day).await?;
    if let Some(task) = task {
        move_task(tx, &task, Change::CheckIn, input.visit_id).await?;
    }
    let mut verdict = json!({ "customer": input.customer_id, "verdict": reading.verdict, "distance_m": reading.distance_m });
    if let Some(outside) = &input.outside {
        verdict["outside"] = json!(outside.code);
    }
    if let Some(identity) = &identity {
        verdict["identity"] = json!(identity);
    }
    tx.audit("visit.check_in", "visit", input.visit_id, verdict).await?;
    Ok(input.visit_id)
}

fn same(old: &Full, me: Uuid, sha256: &str) -> Result<Uuid> {
    if old.light.employee_id == me && old.rest.content_sha256 == sha256 {
        Ok(old.light.id)
    } else {
        Err(Problem::new(problem::CONFLICT))
    }
}

async fn task_for(tx: &mut Tx, id: Uuid, customer: Uuid) -> Result<TaskRow> {
    let task = tasks::sql::mine(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Checks::new().that("customer_id", task.customer_id == customer).done()?;
    Ok(task)
}

async fn move_task(tx: &mut Tx, task: &TaskRow, change: Change, visit: Uuid) -> Result<()> {
    let status = task.kept();
    if let Some(next) = tasks::after(status, change).filter(|n| *n != status) {
        tasks::sql::set_status(tx, task.id, next, None, Some(visit)).await?;
        tasks::service::emit(tx, task.id).await?;
        tasks::crew::tell_mates(tx, task).await?;
    }
    Ok(())
}

/// Most photos of one step: a form may have several fields of them.
const MAX_NAMED: usize = 200;

/// Records how a step was done, or why it was skipped. `when`: what is certain of the moment beside the phone's word.
pub async fn step(tx: &mut Tx, input: StepRecord, when: When) -> Result<Uuid> {
    let said_at = when.said_at;
    check_fix(input.fix.as_ref())?;
    Checks::new()
        .that("status", matches!(input.status.as_str(), "done" | "skipped"))
        .at_most("reason", input.reason.as_deref(), 200)
        .that("audio_ids", input.audio_ids.as_ref().is_none_or(|p| p.len() <= MAX_NAMED))
        .at_most("code.text", input.code.as_ref().map(|c| c.text.as_str()), 200)
        .that("passkey", input.passkey.as_ref().is_none_or(Confirmation::is_short))
        .at_most("scan.code", input.scan.as_ref().map(|s| s.code.as_str()), 200)
        .that("photo_ids", input.photo_ids.as_ref().is_none_or(|p| p.len() <= MAX_NAMED))
        .done()?;
    let visit = mine(tx, input.visit_id).await?;
    not_closed(&visit, said_at)?;
    let steps: Vec<Step> = from_json(&visit.rest.steps)?;
    let step = steps.iter().find(|s| s.id == input.step_id).ok_or_else(|| Problem::new(UNKNOWN_STEP))?;
    let answers = answers(tx, input.visit_id).await?;
    let in_order = place_photo::without(visit.light.id, steps.clone());
    if let Some(first) = rules::locked_by(&in_order, &answers, step.id) {
        return Err(Problem::new(STEP_LOCKED).with("step", &first.title));
    }
    let reason = input.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    let now = tx.now();
    let mut given: Vec<ProofGiven> = vec![];
    if input.status == "skipped" {
        if step.mandatory && reason.is_none() {
            return Err(Problem::new(REASON_REQUIRED).with("step", &step.title));
        }
    } else {
        if step.guide_required && step.guide_version.is_some() && input.guide_opened_at.is_none() {
            return Err(Problem::new(GUIDE_UNOPENED).with("step", &step.title));
        }
        let proved =
            |p: &StepPoint| p.code.is_none() || input.scan.as_ref().is_some_and(|s| p.is_proved_by(&s.code));
        if !step.point.as_ref().is_none_or(proved) {
            return Err(Problem::new(WRONG_CODE).with("step", &step.title));
        }
        let named = named(tx, &input).await?;
        if !rules::answers(step, &input.value, named.pictures(PhotoPurpose::Photo)) {
            return Err(Problem::new(STEP_INCOMPLETE).with("step", &step.title));
        }
        let from = when.not_before.map_or(visit.rest.not_before, |t| t.max(visit.rest.not_before));
        let between = (from, when.not_after.map_or(now, |t| t.min(now)));
        given = proofs::judge(tx, &visit, step, &input, &named, (when, between)).await?;
    }
    let held = |t: Micros| rules::happened_at(t, visit.rest.not_before, now);
    let value = match (input.status.as_str(), step.kind) {
        ("done", StepKind::Form) => {
            fill_in(tx, &visit, step, &input, held(said_at), said_at).await?.to_string()
        }
        ("done", _) => input.value.to_string(),
        _ => "null".into(),
    };
    let (lng, lat) = input.fix.map(|f| f.at.e7()).unzip();
    let row = StepRow {
        step_id: step.id,
        status: input.status.clone(),
        value,
        reason: reason.map(str::to_owned),
        started_at: input.started_at.map(held),
        ended_at: held(said_at),
        device_at: said_at,
        lng,
        lat,
        guide_opened_at: input.guide_opened_at.map(held),
        scanned: input.scan.as_ref().map(|s| if s.typed { "typed" } else { "scan" }.to_owned()),
        proofs: if given.is_empty() { None } else { Some(to_json(&given)?) },
    };
    sql::put_step(tx, input.visit_id, &row).await?;
    settle(tx, input.visit_id).await
}

/// The value of a form step as a phone sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormValue {
    record_id: Uuid,
    answers: serde_json::Map<String, Value>,
}

/// Keeps a filled form and answers what the step remembers of it: the record's id.
async fn fill_in(
    tx: &mut Tx,
    visit: &Full,
    step: &Step,
    input: &StepRecord,
    filled_at: Micros,
    device_at: Micros,
) -> Result<Value> {
    let incomplete = || Problem::new(STEP_INCOMPLETE).with("step", &step.title);
    let given = FormValue::deserialize(&input.value).map_err(|_| incomplete())?;
    let (form, number) = step.form_id.zip(step.form_version).ok_or_else(incomplete)?;
    let task = match visit.light.task_id {
        Some(task) => match tasks::sql::mine(tx, task).await? {
            Some(t) => Some(formbook::TaskFacts { custom: t.custom()?, title: t.title }),
            None => None,
        },
        None => None,
    };
    let record = formbook::submit(
        tx,
        formbook::Submission {
            id: given.record_id,
            form,
            number,
            employee: visit.light.employee_id,
            customer: visit.light.customer_id,
            visit: visit.light.id,
            step: step.id,
            task,
            day: visit.light.day,
            device_at,
            filled_at,
            answers: given.answers,
            pictures: input.photo_ids.clone().unwrap_or_default(),
            recordings: input.audio_ids.clone().unwrap_or_default(),
        },
    )
    .await?;
    Ok(json!({ "record_id": record }))
}

async fn answers(q: &mut impl Query, visit: Uuid) -> Result<Answers> {
    Ok(sql::steps(q, visit).await?.into_iter().map(|s| (s.step_id, s.status == "done")).collect())
}

/// The photos and recordings a step names. Each must be recorded first.
async fn named(tx: &mut Tx, input: &StepRecord) -> Result<Named> {
    let [photos, sounds] = [&input.photo_ids, &input.audio_ids].map(|ids| {
        let mut ids = ids.clone().unwrap_or_default();
        ids.sort_unstable();
        ids.dedup();
        ids
    });
    let mut all = Named {
        photos: sql::photos(tx, input.visit_id).await?,
        audio: if sounds.is_empty() { vec![] } else { audio::of_visit(tx, input.visit_id).await? },
    };
    all.photos.retain(|p| p.step_id == input.step_id && photos.contains(&p.id));
    all.audio.retain(|a| a.step_id == input.step_id && sounds.contains(&a.id));
    for (have, want, what) in
        [(all.photos.len(), photos.len(), "photo"), (all.audio.len(), sounds.len(), "audio")]
    {
        if have != want {
            return Err(Problem::new(PREREQUISITE).with("missing", what));
        }
    }
    Ok(all)
}

/// Largest photo taken, in bytes and pixels: what uploads allow.
const MAX_PHOTO: (i64, i64) = (20 * 1024 * 1024, 40_000_000);

/// Records that a photo was taken. Its bytes come by another way.
pub async fn photo(tx: &mut Tx, input: PhotoRecord, said_at: Micros) -> Result<Uuid> {
    check_fix(input.fix.as_ref())?;
    let hex =
        input.sha256.len() == 64 && input.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    Checks::new()
        .that("sha256", hex)
        .that("size", (1..=MAX_PHOTO.0).contains(&input.size))
        .that("mime", matches!(input.mime.as_str(), "image/jpeg" | "image/png" | "image/webp"))
        .that(
            "width",
            input.width > 0 && input.height > 0 && input.width.saturating_mul(input.height) <= MAX_PHOTO.1,
        )
        .done()?;
    let visit = mine(tx, input.visit_id).await?;
    not_closed(&visit, said_at)?;
    let steps: Vec<Step> = from_json(&visit.rest.steps)?;
    if steps.iter().all(|s| s.id != input.step_id) {
        return Err(Problem::new(UNKNOWN_STEP));
    }
    let now = tx.now();
    let (lng, lat) = input.fix.map(|f| f.at.e7()).unzip();
    let row = PhotoRow {
        id: input.photo_id,
        visit_id: input.visit_id,
        step_id: input.step_id,
        employee_id: visit.light.employee_id,
        department_id: visit.light.department_id,
        sha256: input.sha256,
        size: input.size,
        mime: input.mime,
        width: input.width,
        height: input.height,
        taken_at: rules::happened_at(input.taken_at, visit.rest.not_before, now),
        lng,
        lat,
        accuracy_m: input.fix.map(|f| f.accuracy_m.round() as i64),
        live: input.live,
        noted_at: now,
        stored_at: None,
        not_before: None,
        not_after: None,
        purpose: input.purpose.map(|p| p.key().to_owned()),
    };
    if !sql::insert_photo(tx, &row).await? {
        let same = |old: &PhotoRow| {
            (old.visit_id, old.step_id, &old.sha256, old.size)
                == (row.visit_id, row.step_id, &row.sha256, row.size)
        };
        let old = sql::photo(tx, row.id).await?;
        return if old.as_ref().is_some_and(same) {
            Ok(row.visit_id)
        } else {
            Err(Problem::new(problem::CONFLICT))
        };
    }
    settle(tx, input.visit_id).await
}

/// Sets the summary of a visit.
pub async fn summary(tx: &mut Tx, input: Summary, said_at: Micros) -> Result<Uuid> {
    Checks::new().text("text", &input.text, 2_000).done()?;
    let visit = mine(tx, input.visit_id).await?;
    not_closed(&visit, said_at)?;
    sql::set_summary(tx, input.visit_id, input.text.trim()).await?;
    settle(tx, input.visit_id).await
}

/// Closes a visit.
pub async fn check_out(tx: &mut Tx, input: CheckOut, when: When) -> Result<Uuid> {
    check_fix(input.fix.as_ref())?;
    let visit = mine(tx, input.visit_id).await?;
    // A clock that was set back during the visit may say that it ended before it began.
    let said_out = when.said_at.max(visit.rest.check_in_device_at);
    if let Some(out) = visit.rest.check_out_device_at {
        return if out == said_out { Ok(input.visit_id) } else { Err(Problem::new(CLOSED)) };
    }
    let received = when.received.unwrap_or(tx.now());
    let at = rules::happened_at(when.said_at, visit.light.check_in_at, received).max(visit.light.check_in_at);
    let stay_s = rules::stay_s(&rules::Stay {
        said: (visit.rest.check_in_device_at, when.said_at),
        held: (visit.light.check_in_at, at),
        certain: (visit.rest.not_before, received),
    });
    let reading =
        rules::read_fence(input.fix.as_ref(), when.said_at, visit.customer_at(), visit.rest.in_radius_m);
    sql::set_check_out(tx, input.visit_id, at, said_out, stay_s, &reading).await?;
    if let Some(task) = visit.light.task_id
        && let Some(task) = tasks::sql::mine(tx, task).await?.filter(|t| t.kept() != TaskStatus::Done)
    {
        move_task(tx, &task, Change::CheckOut, input.visit_id).await?;
    }
    tx.audit(
        "visit.check_out",
        "visit",
        input.visit_id,
        json!({ "stay_s": stay_s, "verdict": reading.verdict }),
    )
    .await?;
    settle(tx, input.visit_id).await
}

/// Seconds the track was inside the visit's fence, as the floor above works it out from the day's track.
pub async fn set_presence(tx: &mut Tx, visit: Uuid, seconds: i64) -> Result<()> {
    if !sql::set_presence(tx, visit, seconds.max(0)).await? {
        return Ok(());
    }
    settle(tx, visit).await?;
    announce(tx, visit).await
}

/// Notes what the floor above found about a visit: whether a red finding is open, and the grade of evidence. False when that
/// was known.
pub async fn set_truth(tx: &mut Tx, visit: Uuid, open: bool, grade: Option<&str>) -> Result<bool> {
    let new = sql::set_truth(tx, visit, open, grade).await?;
    if new {
        settle(tx, visit).await?;
    }
    Ok(new)
}

/// Between which moments a photo was certainly taken, as the phone's own seals say.
pub async fn bound_photo(tx: &mut Tx, photo: Uuid, from: Option<Micros>, to: Option<Micros>) -> Result<()> {
    sql::bound_photo(tx, photo, from, to).await.map(drop)
}

/// What a phone said about a photo, by its id.
pub async fn photo_record(q: &mut impl Query, photo: Uuid) -> Result<Option<PhotoRow>> {
    sql::photo(q, photo).await
}

/// Notes that a photo's bytes are here.
pub async fn photo_stored(tx: &mut Tx, photo: Uuid, at: Micros) -> Result<()> {
    let Some(row) = sql::photo(tx, photo).await?.filter(|p| p.stored_at.is_none()) else { return Ok(()) };
    sql::set_photo_stored(tx, photo, at).await?;
    announce(tx, row.visit_id).await
}

/// What the stamp of a photo says. For the job that draws it.
pub async fn stamp_facts(q: &mut impl Query, photo: Uuid) -> Result<StampFacts> {
    sql::stamp_facts(q, photo).await
}

impl StampFacts {
    pub fn at(&self) -> Option<LngLat> {
        point(self.lng, self.lat)
    }
}

/// Works out anew what follows from the parts of a visit.
pub(super) async fn settle(tx: &mut Tx, id: Uuid) -> Result<Uuid> {
    sql::touch(tx, id).await?;
    let visit = sql::any(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let steps: Vec<Step> = from_json(&visit.rest.steps)?;
    let rows = sql::steps(tx, id).await?;
    let answers: Answers = rows.iter().map(|s| (s.step_id, s.status == "done")).collect();
    let mut given: HashMap<Uuid, Vec<ProofGiven>> = HashMap::new();
    for row in &rows {
        if let Some(proofs) = &row.proofs {
            given.insert(row.step_id, from_json(proofs)?);
        }
    }
    let photos = sql::photos(tx, id).await?.len() as i64;
    let (effective, reasons) = rules::effective(&Facts {
        verdict_in: visit.check_in().verdict,
        verdict_out: visit.check_out().map(|r| r.verdict),
        stay_s: visit.light.stay_s,
        presence_s: visit.light.presence_s,
        min_stay_s: visit.rest.min_stay_s,
        mandatory_done: rules::mandatory_done(&steps, &answers),
        finding_open: visit.light.truth_open,
        proofs_hold: proofs::all_hold(&steps, &given)
            && visit.light.identity()?.is_none_or(|p| p.state != ProofState::Failed),
    });
    let done = answers.values().filter(|done| **done).count() as i64;
    sql::set_outcome(tx, id, done, photos, effective, &to_json(&reasons)?).await?;
    Ok(id)
}

/// Tells the consoles how a visit stands now. Whoever records several pieces in one transaction calls it once
/// for each visit, at the end.
pub async fn announce(tx: &mut Tx, id: Uuid) -> Result<()> {
    let visit = sql::any(tx, id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let (employee_id, department_id) = (visit.light.employee_id, visit.light.department_id);
    let payload = serde_json::to_value(visit.light.shown()?).map_err(Problem::internal)?;
    tx.emit(News { topic: "visit", employee_id, department_id, payload }).await
}
