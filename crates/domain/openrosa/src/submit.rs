//! A filled form with its pictures, in one request or several.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use api::{
    Kit, Peer,
    axum::{
        self, Extension,
        extract::{FromRequest, Multipart, Request, State},
        http::{HeaderMap, HeaderValue, StatusCode, header},
        response::{IntoResponse, Response},
    },
};
use base::{Micros, Problem, id, problem};
use db::{LogEntry, Query, Result, Scope};
use evidence::{Darkroom, loose};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use uuid::Uuid;
use xlsform::submission::{Submission, Wrong};

use crate::{
    UNREADABLE,
    answer::{lang, marked, message, refused, who},
};

/// Most pictures of one request.
const MOST_FILES: usize = 60;
/// Submissions read at once, and how long one waits for its turn.
static TURNS: Semaphore = Semaphore::const_new(4);
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The XML may not be larger.
const MOST_XML: usize = 1 << 20;

/// Where to send submissions. Collect asks with HEAD before it sends: an answer without a body.
#[utoipa::path(get, path = "/openrosa/submission", tag = "openrosa", responses((status = 204, description = "Ready"), (status = 401, description = "Sign in")))]
pub(crate) async fn welcome(State(kit): State<Kit>, peer: Peer, headers: HeaderMap) -> Response {
    if let Err(problem) = who(&kit, &headers, peer).await {
        return refused(problem, &headers);
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    marked(response.headers_mut());
    let place = format!("{}/api/v1/openrosa/submission", kit.public_url(&headers));
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// Takes a submission of ODK Collect: a part `xml_submission_file` and its pictures by name, at most 24 MiB. The same instance
/// may be sent again, also with further pictures: it is one record.
#[utoipa::path(post, path = "/openrosa/submission", tag = "openrosa", request_body(content = Vec<u8>, content_type = "multipart/form-data"), responses((status = 201, description = "Kept", content_type = "text/xml"), (status = 401, body = api::ProblemDocument), (status = 403, body = api::ProblemDocument), (status = 413, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument), (status = 429, body = api::ProblemDocument)))]
pub(crate) async fn submit(
    State(kit): State<Kit>,
    Extension(darkroom): Extension<Arc<Darkroom>>,
    peer: Peer,
    headers: HeaderMap,
    request: Request,
) -> Response {
    match taken(&kit, &darkroom, peer, &headers, request).await {
        Ok(new) => {
            let text = match (lang(&headers), new) {
                (base::problem::Lang::Zh, true) => "已收到",
                (base::problem::Lang::Zh, false) => "此前已收到",
                (base::problem::Lang::En, true) => "Received",
                (base::problem::Lang::En, false) => "Received before",
            };
            message(StatusCode::CREATED, text)
        }
        Err(problem) => refused(problem, &headers),
    }
}

/// What a request carries.
#[derive(Default)]
struct Parts {
    xml: String,
    files: BTreeMap<String, Vec<u8>>,
}

fn unreadable(what: impl std::fmt::Display) -> Problem {
    let what: String = what.to_string().chars().filter(|c| !c.is_control()).take(120).collect();
    Problem::new(UNREADABLE).with("what", what)
}

async fn parts(request: Request) -> Result<Parts> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|e| unreadable(e.body_text()))?;
    let mut parts = Parts::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(broken)?;
        if name == "xml_submission_file" {
            if bytes.len() > MOST_XML {
                return Err(unreadable("xml_submission_file > 1 MiB"));
            }
            parts.xml = String::from_utf8(bytes.to_vec()).map_err(|_| unreadable("UTF-8"))?;
        } else if !file.is_empty() {
            if parts.files.len() == MOST_FILES {
                return Err(unreadable(format!("> {MOST_FILES} files")));
            }
            parts.files.insert(file, bytes.to_vec());
        }
    }
    if parts.xml.is_empty() { Err(unreadable("xml_submission_file")) } else { Ok(parts) }
}

fn broken(e: axum::extract::multipart::MultipartError) -> Problem {
    match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(problem::TOO_LARGE).with("limit", "24 MiB"),
        _ => unreadable(e.body_text()),
    }
}

fn wrong(wrong: Wrong) -> Problem {
    match wrong {
        Wrong::Xml(what) => unreadable(format!("XML: {what}")),
        Wrong::Missing(what) => unreadable(what),
        Wrong::Unknown(name) => unreadable(format!("<{name}>")),
        Wrong::Value(key) => unreadable(key),
    }
}

/// Takes a request in; answers whether its record is new.
async fn taken(
    kit: &Kit,
    darkroom: &Darkroom,
    peer: Peer,
    headers: &HeaderMap,
    request: Request,
) -> Result<bool> {
    let scope = who(kit, headers, peer).await?;
    // Bodies are large, and each is held in memory.
    let turn = tokio::time::timeout(LONGEST_WAIT, TURNS.acquire()).await;
    let _turn = turn.map_err(|_| Problem::new(problem::BUSY).retry_after(10))?.map_err(Problem::internal)?;
    let Parts { xml, mut files } = parts(request).await?;
    let sent = xlsform::submission::read(&xml).map_err(wrong)?;
    let number: i64 = sent.version.parse().map_err(|_| unreadable("version"))?;
    let mut r = kit.db.read(&scope).await?;
    let (form, spec) = formbook::collected_version(&mut r, &sent.form, number).await?;
    let record = id::derived(scope.actor(), &sent.instance);
    let known = loose::of_record(&mut r, record).await?;
    let at = moment(&sent, kit.now());
    let day = at.local_day(&org::zone(&mut r).await?);
    // A place may have been taken at any moment between; who does not say when he began says too little.
    let on_duty = match instant(sent.started.as_deref()) {
        Some(began) => org::may_keep_places(&mut r, scope.actor(), began.min(at), at).await?,
        None => false,
    };
    let read = tokio::task::spawn_blocking(move || {
        let names = xlsform::xform(&spec.0, &sent.form, &sent.version).names;
        sent.answers(&spec.0, &names, &|file| id::derived(record, file).to_string())
    });
    let read = read.await.map_err(Problem::internal)?.map_err(wrong)?;
    let collected = formbook::Collected {
        id: record,
        form,
        number,
        day,
        device_at: at,
        filled_at: at,
        answers: read.answers,
        on_duty,
    };
    // What does not hold leaves no files behind.
    formbook::check_collected(&mut r, &collected).await?;
    drop(r);
    let mut kept = vec![];
    for name in read.files {
        let picture = id::derived(record, &name);
        if let Some(bytes) = files.remove(&name).filter(|_| !known.contains(&picture)) {
            kept.push(loose::keep(kit, scope.tenant(), picture, bytes).await?);
        }
    }
    for name in read.documents {
        if let Some(bytes) = files.remove(&name) {
            formbook::files::keep(kit, &scope, Some(id::derived(record, &name)), &name, bytes).await?;
        }
    }
    let new = store(kit, &scope, collected, kept).await?;
    darkroom.wake(scope.tenant());
    Ok(new)
}

async fn store(
    kit: &Kit,
    scope: &Scope,
    record: formbook::Collected,
    kept: Vec<loose::Kept>,
) -> Result<bool> {
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                let (me, subject): (Uuid, Uuid) = (tx.scope().actor(), record.id);
                let department = org::person(tx, me).await?.department_id;
                let said =
                    json!({ "form": record.form, "number": record.number, "filled_at": record.filled_at });
                let new = formbook::collect(tx, record).await?;
                let mut files = vec![];
                for picture in &kept {
                    if loose::insert(tx, subject, department, picture).await? == 1 {
                        files.push((picture.id, picture.sha256.clone()));
                    }
                }
                if new || !files.is_empty() {
                    let kind = if new { "form.collected" } else { "form.pictures" };
                    let record: Value = said;
                    tx.log(LogEntry { kind: kind.into(), subject, employee: me, department, record, files });
                }
                Ok(new)
            })
        })
        .await
}

/// When it was filled in: by the phone's clock, and not later than now.
fn moment(sent: &Submission, now: Micros) -> Micros {
    instant(sent.ended.as_deref()).map_or(now, |t| t.min(now))
}

fn instant(said: Option<&str>) -> Option<Micros> {
    let said = said?.parse::<jiff::Timestamp>().ok().map(Micros::from_timestamp);
    said.filter(|t| t.is_plausible())
}
