use std::collections::{BTreeMap, BTreeSet};

use api::{
    Access, Answer, Caller, Checks, Created, Failure, IfMatch, Json, Kit, Page, PageQuery, Path, Query,
    Routes,
    axum::{
        self,
        extract::State,
        http::{HeaderMap, StatusCode},
        response::Response,
    },
    created, ok, routes,
};
use base::{LocalDay, Problem, problem};
use custom::{
    filter,
    values::{Compared, compared},
};
use db::{Query as Read, Reader, Result};
use formbook::{
    Purpose,
    files::{self, FormFile},
};
use forms::FormSpec;
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    ObjectApproval, ObjectEdit, ObjectLink, ObjectRecord, ObjectRecordRow, export, report,
    sql::{self, Filter, Key, RecordRow, Sort},
    store::{self, Change, Filled},
};
use crate::{
    approval,
    definition::{self, Used, parsed},
    grants::Sight,
};

/// Most records shown of each object that refer to something.
const MOST_LINKS: i64 = 50;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(list))
        .at(Access::SignedIn, routes!(create))
        .at(Access::SignedIn, routes!(export::sheet))
        .at(Access::SignedIn, routes!(export::text))
        .at(Access::SignedIn, routes!(one))
        .at(Access::SignedIn, routes!(file))
        .at(Access::SignedIn, routes!(change))
        .at(Access::SignedIn, routes!(delete))
        .at(Access::SignedIn, routes!(report::report))
        .at(Access::SignedIn, routes!(report::text))
        .at(Access::SignedIn, routes!(links))
}

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordQuery {
    /// Number, name, its pinyin, or a text of a field.
    q: Option<String>,
    employee_id: Option<Uuid>,
    department_id: Option<Uuid>,
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    /// Conditions on fields, at most 4, as a JSON list: `[{"field":"budget","from":100},{"field":"kind","one_of":["a"]}]`;
    /// also `contains`, `to` and `empty`.
    filter: Option<String>,
    /// created, changed, code, title, owner, or the key of a field; `-` before it: downwards. Absent: newest first.
    sort: Option<String>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

impl RecordQuery {
    /// # Errors
    /// `input.invalid` at `filter` or `sort`.
    pub fn read(&self, spec: &FormSpec) -> Result<(Filter, Sort)> {
        let filter = Filter {
            q: self.q.clone().filter(|q| !q.trim().is_empty()),
            employee_id: self.employee_id,
            department_id: self.department_id,
            day_from: self.day_from,
            day_to: self.day_to,
            conditions: filter::read("filter", self.filter.as_deref(), spec)?,
        };
        Ok((filter, sort(self.sort.as_deref().unwrap_or("-created"), spec)?))
    }
}

fn sort(word: &str, spec: &FormSpec) -> Result<Sort> {
    let (word, down) = word.strip_prefix('-').map_or((word, false), |w| (w, true));
    let own = ["created", "changed", "code", "title", "owner"].into_iter().find(|w| *w == word);
    if let Some(by) = own {
        return Ok(Sort { by, field: None, down });
    }
    let field = spec.fields.iter().find(|f| f.key == word);
    let by = match field.and_then(|f| compared(&f.kind)) {
        Some(Compared::Number) => "number",
        Some(_) => "text",
        None => {
            let bad = Problem::new(problem::INVALID).with("reason", "sort");
            return Err(bad.field("sort", problem::BAD_VALUE));
        }
    };
    Ok(Sort { by, field: Some(word.to_owned()), down })
}

/// The versions of the fields that rows were filled in with.
pub(super) async fn specs(
    q: &mut impl Read,
    used: &Used,
    rows: &[RecordRow],
) -> Result<BTreeMap<i64, FormSpec>> {
    let numbers: BTreeSet<i64> = rows.iter().map(|r| r.number).chain([used.number]).collect();
    let mut specs = BTreeMap::new();
    for number in numbers {
        specs.insert(number, formbook::spec_of(q, used.row.id, number).await?.0);
    }
    Ok(specs)
}

/// Rows with the names of what they refer to, places and all.
pub(super) async fn shown(
    q: &mut Reader,
    specs: &BTreeMap<i64, FormSpec>,
    rows: Vec<RecordRow>,
) -> Result<Vec<ObjectRecordRow>> {
    let mut named = formbook::Named::default();
    let mut parts = Vec::with_capacity(rows.len());
    for row in rows {
        let answers: Map<String, Value> = parsed(&row.answers)?;
        let spec = specs.get(&row.number).ok_or_else(|| Problem::internal("a version is missing"))?;
        named.add(spec, &answers);
        parts.push((row, spec, answers));
    }
    let all = named.seen(q).await?;
    let each = |(r, spec, answers): (RecordRow, &FormSpec, Map<String, Value>)| ObjectRecordRow {
        id: r.id,
        code: r.code,
        title: r.title,
        owner: Ref { id: r.employee_id, name: r.owner_name },
        department: Ref { id: r.department_id, name: r.department_name },
        number: r.number,
        created_at: r.created_at,
        changed_at: r.changed_at,
        score: r.score,
        edits: r.edits,
        names: formbook::names_of_record(&all, spec, &answers),
        answers,
        approval: r.approval_id.zip(r.approval_status).map(|(id, status)| ObjectApproval { id, status }),
        version: r.version,
    };
    Ok(parts.into_iter().map(each).collect())
}

/// Records of an object, as far as the reader's role sees them.
#[utoipa::path(get, path = "/objects/{key}/records", tag = "objects", params(("key" = String, Path), RecordQuery), responses((status = 200, body = Page<ObjectRecordRow>), (status = 404, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Path(key): Path<String>,
    Query(asked): Query<RecordQuery>,
) -> Answer<Page<ObjectRecordRow>> {
    let limit = PageQuery::rows(asked.limit);
    let after: Option<Key> = api::cursor_decode(&asked.cursor)?;
    let mut r = kit.db.read(&caller.scope).await?;
    let used = definition::used(&mut r, &key).await?;
    let newest = formbook::spec_of(&mut r, used.row.id, used.number).await?.0;
    let (filter, sort) = asked.read(&newest)?;
    let sight = used.may.read;
    let rows = sql::list(&mut r, used.row.id, sight, &filter, &sort, after, limit + 1).await?;
    let keyed = Page::from_rows(rows, limit, sql::key);
    let specs = specs(&mut r, &used, &keyed.items).await?;
    let mut items = shown(&mut r, &specs, keyed.items).await?;
    for row in &mut items {
        formbook::without_places(&mut row.answers);
    }
    let total = match asked.count {
        Some(true) => Some(sql::count(&mut r, used.row.id, sight, &filter).await?),
        _ => None,
    };
    ok(Page { items, next_cursor: keyed.next_cursor, total })
}

/// A record to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewObjectRecord {
    /// Made by the sender: sent twice it is one record.
    id: Option<Uuid>,
    /// Version of the fields it was filled in with; absent: the newest.
    number: Option<i64>,
    /// By field key.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// Whose it is to be; absent: the sender's.
    owner_id: Option<Uuid>,
}

/// Makes a record; its number comes back with it.
#[utoipa::path(post, path = "/objects/{key}/records", tag = "objects", request_body = NewObjectRecord, params(("key" = String, Path)), responses((status = 201, body = ObjectRecord), (status = 403, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Path(key): Path<String>,
    Json(new): Json<NewObjectRecord>,
) -> Created<ObjectRecord> {
    let filled = Filled {
        id: new.id,
        key: key.clone(),
        number: new.number,
        answers: new.answers,
        owner: new.owner_id,
        filled_at: kit.now(),
    };
    let id = kit
        .db
        .write(&caller.scope, move |tx| Box::pin(async move { store::fill_in(tx, filled).await }))
        .await?;
    created(record(&kit, &caller, &key, id, Why::Made).await?)
}

/// One record with its fields and what it said before. Shows where a person was if it has a place, so it goes to his
/// ledger.
#[utoipa::path(get, path = "/objects/{key}/records/{id}", tag = "objects", params(("key" = String, Path), ("id" = Uuid, Path)), responses((status = 200, body = ObjectRecord), (status = 404, body = api::ProblemDocument)))]
async fn one(
    State(kit): State<Kit>,
    caller: Caller,
    Path((key, id)): Path<(String, Uuid)>,
) -> Answer<ObjectRecord> {
    ok(record(&kit, &caller, &key, id, Why::Asked).await?)
}

/// Why a record is shown, beside the grant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Asked,
    /// Only its files are looked at: places in it are not shown.
    Files,
    /// The caller made it just now: shown even to a role that may make records and read none, while nobody else has
    /// changed it.
    Made,
    /// The caller changed it just now, as he might: what it has become is shown to him.
    Changed,
}

/// A record with its history. What was sent back to the caller is shown to be corrected.
async fn record(kit: &Kit, caller: &Caller, key: &str, id: Uuid, why: Why) -> Result<ObjectRecord> {
    let me = caller.scope.actor();
    let mut r = kit.db.read(&caller.scope).await?;
    let used = definition::used(&mut r, key).await?;
    let sent_back = approval::was_sent_back(&mut r, id).await?;
    let row = match sql::one(&mut r, used.row.id, used.may.read, id).await? {
        Some(row) => Some(row),
        None if matches!(why, Why::Made | Why::Changed) || sent_back => {
            let untouched =
                |row: &RecordRow| row.created_by == me && (row.edits == 0 || row.employee_id == me);
            let row = sql::one(&mut r, used.row.id, Sight::Company, id).await?;
            row.filter(|row| sent_back || why == Why::Changed || untouched(row))
        }
        None => None,
    };
    let row = row.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let (number, created_by, owner) = (row.number, row.created_by, row.employee_id);
    let specs = specs(&mut r, &used, std::slice::from_ref(&row)).await?;
    let row = shown(&mut r, &specs, vec![row]).await?.remove(0);
    let spec = specs.get(&number).cloned().unwrap_or_default();
    let mut history = vec![];
    for e in sql::edits(&mut r, id).await? {
        history.push(ObjectEdit {
            kind: e.kind,
            by: Ref { id: e.by_id, name: e.by_name },
            at: e.at,
            reason: e.reason,
            owner: Ref { id: e.owner_id, name: e.owner_name },
            number: e.number,
            before: parsed(&e.before)?,
        });
    }
    let maker = org::by_ids(&mut r, &[created_by]).await?.into_iter().next();
    // Whoever had the record or changed it may have sent its files.
    let mut people: BTreeSet<Uuid> = [created_by, owner].into();
    people.extend(history.iter().flat_map(|e| [e.owner.id, e.by.id]));
    let files = files_of(&mut r, &used, &spec, &row.answers, &history, &people).await?;
    drop(r);
    let placed =
        formbook::tells_place(&row.answers) || history.iter().any(|e| formbook::tells_place(&e.before));
    // Whose place an answer is nobody knows: any of them may have given it.
    people.remove(&me);
    if placed && why != Why::Files && !people.is_empty() {
        kit.watch.positions_shown(&caller.scope, people.into_iter().collect()).await?;
    }
    Ok(ObjectRecord {
        row,
        spec: serde_json::to_value(spec).map_err(Problem::internal)?,
        created_by: maker.map(|p| p.as_ref()).unwrap_or(Ref { id: created_by, name: String::new() }),
        may_change: sent_back || used.may.change.covers(owner, me),
        may_delete: used.may.delete.covers(owner, me),
        object: definition::shown(&used)?,
        files,
        history,
    })
}

/// The files of a record, also those it named before.
async fn files_of(
    q: &mut impl Read,
    used: &Used,
    spec: &FormSpec,
    answers: &Map<String, Value>,
    history: &[ObjectEdit],
    people: &BTreeSet<Uuid>,
) -> Result<Vec<FormFile>> {
    let mut ids = files::named(spec, Purpose::Object, answers);
    for edit in history {
        let before = formbook::spec_of(q, used.row.id, edit.number).await?.0;
        ids.extend(files::named(&before, Purpose::Object, &edit.before));
    }
    files::of_record(q, &ids, people).await
}

/// A file or picture of a record.
#[utoipa::path(get, path = "/objects/{key}/records/{id}/files/{file_id}", tag = "objects", params(("key" = String, Path), ("id" = Uuid, Path), ("file_id" = Uuid, Path)), responses((status = 200, description = "The file", content_type = "application/octet-stream"), (status = 404, body = api::ProblemDocument)))]
async fn file(
    State(kit): State<Kit>,
    caller: Caller,
    Path((key, id, file_id)): Path<(String, Uuid, Uuid)>,
    headers: HeaderMap,
) -> std::result::Result<Response, Failure> {
    let found = record(&kit, &caller, &key, id, Why::Files).await?;
    let file = found.files.into_iter().find(|f| f.id == file_id);
    let file = file.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(files::give(&kit, caller.scope.tenant(), &file, &headers).await?)
}

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchObjectRecord {
    /// All answers as they are to be, judged by the newest version of the fields.
    #[schema(value_type = Option<Object>)]
    answers: Option<Map<String, Value>>,
    /// Hands it over.
    owner_id: Option<Uuid>,
    #[schema(max_length = 200)]
    reason: String,
}

/// Changes a record or hands it over; what it said before is kept with who, when and why.
#[utoipa::path(patch, path = "/objects/{key}/records/{id}", tag = "objects", request_body = PatchObjectRecord, params(("key" = String, Path), ("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = ObjectRecord), (status = 403, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path((key, id)): Path<(String, Uuid)>,
    IfMatch(version): IfMatch,
    Json(patch): Json<PatchObjectRecord>,
) -> Answer<ObjectRecord> {
    Checks::new().text("reason", &patch.reason, 200).done()?;
    let change =
        Change { answers: patch.answers, owner: patch.owner_id, reason: patch.reason.trim().to_owned() };
    let of = key.clone();
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { store::change(tx, &of, id, version, change).await })
        })
        .await?;
    ok(record(&kit, &caller, &key, id, Why::Changed).await?)
}

/// Why a record is deleted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteObjectRecord {
    #[schema(max_length = 200)]
    reason: String,
}

/// Deletes a record: it leaves all lists, and what it said is kept.
#[utoipa::path(post, path = "/objects/{key}/records/{id}/delete", tag = "objects", request_body = DeleteObjectRecord, params(("key" = String, Path), ("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), (status = 403, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn delete(
    State(kit): State<Kit>,
    caller: Caller,
    Path((key, id)): Path<(String, Uuid)>,
    IfMatch(version): IfMatch,
    Json(said): Json<DeleteObjectRecord>,
) -> std::result::Result<StatusCode, Failure> {
    Checks::new().text("reason", &said.reason, 200).done()?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move { store::delete(tx, &key, id, version, said.reason.trim()).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LinkQuery {
    /// Id of a customer, a contact or a person.
    to: Uuid,
}

#[derive(Serialize, ToSchema)]
struct ObjectLinks {
    items: Vec<ObjectLink>,
}

/// Records that refer to something: what is known of a customer in the company's own objects. At most 50 of each object.
#[utoipa::path(get, path = "/object-links", tag = "objects", params(LinkQuery), responses((status = 200, body = ObjectLinks)))]
async fn links(State(kit): State<Kit>, caller: Caller, Query(q): Query<LinkQuery>) -> Answer<ObjectLinks> {
    let mut r = kit.db.read(&caller.scope).await?;
    let mut items = vec![];
    for used in definition::used_all(&mut r).await? {
        for l in sql::links(&mut r, used.row.id, used.may.read, q.to, MOST_LINKS).await? {
            items.push(ObjectLink {
                object_key: used.row.key.clone(),
                object_name: parsed(&used.row.name)?,
                icon: used.row.icon.clone(),
                id: l.id,
                code: l.code,
                title: l.title,
                owner: Ref { id: l.employee_id, name: l.owner_name },
                created_at: l.created_at,
            });
        }
    }
    ok(ObjectLinks { items })
}
