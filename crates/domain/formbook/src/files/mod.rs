//! Files as answers: documents, and pictures of records that belong to no visit. A file is sent before or after the record
//! that names it; only the answers say where it belongs, and only people who may see such a record may have it.

mod http;
mod keep;
pub(crate) mod sql;

use std::collections::BTreeSet;

use api::{
    Kit, Served,
    axum::{http::HeaderMap, response::Response},
};
use base::{Micros, Problem, problem};
use db::{BoxFuture, Query, Reader, Result, Scope, Tx};
use forms::{Field, FieldKind, FormSpec};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{FILE, model::Purpose};

pub(crate) use http::routes;
pub use keep::keep;

/// Kind of the stored object.
pub const STORED: &str = "answer";
/// Largest file: 20 MiB.
pub const LIMIT: usize = 20 << 20;

/// A file whose bytes are here.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FormFile {
    pub id: Uuid,
    pub name: String,
    /// Told by its bytes.
    pub mime: String,
    pub size: i64,
    /// Of the bytes as they are kept.
    pub sha256: String,
    /// Of a picture.
    pub width: Option<i64>,
    pub height: Option<i64>,
}

/// Registered by upper floors: fails for a file of the acting person that must not be kept. Asked before anything of it is.
pub struct RefuseHook(pub for<'a> fn(&'a mut Reader, Uuid) -> BoxFuture<'a, Result<()>>);
inventory::collect!(RefuseHook);

/// Ids of the files answers name: documents, and the pictures of what belongs to no visit.
pub fn named(spec: &FormSpec, purpose: Purpose, answers: &Map<String, Value>) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    walk(&spec.fields, purpose, answers, &mut ids);
    ids
}

fn walk(fields: &[Field], purpose: Purpose, answers: &Map<String, Value>, ids: &mut BTreeSet<String>) {
    for field in fields {
        let Some(value) = answers.get(&field.key) else { continue };
        let own = match &field.kind {
            FieldKind::File { .. } => true,
            FieldKind::Photo { .. } | FieldKind::Signature => purpose == Purpose::Object,
            FieldKind::Table { fields, .. } => {
                for row in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
                    walk(fields, purpose, row, ids);
                }
                false
            }
            _ => false,
        };
        if own {
            ids.extend(value.as_str().map(str::to_owned));
            ids.extend(value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
        }
    }
}

/// May these answers name these files? Each is one of `before`, or its author's, or has not arrived yet.
///
/// # Errors
/// `form.file`.
pub async fn check(
    q: &mut impl Query,
    spec: &FormSpec,
    purpose: Purpose,
    answers: &Map<String, Value>,
    before: &BTreeSet<String>,
    author: Uuid,
) -> Result<()> {
    for name in named(spec, purpose, answers).difference(before) {
        let id: Uuid = name.parse().map_err(|_| Problem::new(FILE))?;
        if sql::any(q, id).await?.is_some_and(|known| known.employee_id != author) {
            return Err(Problem::new(FILE));
        }
    }
    Ok(())
}

/// The named files that are here and were sent by one of these people: whoever only names the file of somebody else does
/// not get to see it.
pub async fn of_record(
    q: &mut impl Query,
    ids: &BTreeSet<String>,
    people: &BTreeSet<Uuid>,
) -> Result<Vec<FormFile>> {
    let mut files = vec![];
    for id in ids.iter().filter_map(|id| id.parse().ok()) {
        let known = sql::any(q, id).await?;
        files.extend(known.filter(|f| people.contains(&f.employee_id)).map(sql::FileRow::shown));
    }
    Ok(files)
}

/// The bytes of a file, whole or in part. The caller has checked that it may be read.
///
/// # Errors
/// `not_found` when they are gone.
pub async fn give(kit: &Kit, tenant: Uuid, file: &FormFile, asked: &HeaderMap) -> Result<Response> {
    api::serve(kit, tenant, &served(file), asked).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// As [`give`], and no browser keeps it: each look is to be noted.
///
/// # Errors
/// `not_found` when they are gone.
pub async fn give_unkept(kit: &Kit, tenant: Uuid, file: &FormFile, asked: &HeaderMap) -> Result<Response> {
    served(file).unkept(kit, tenant, asked).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

fn served(file: &FormFile) -> Served<'_> {
    Served { id: file.id, kind: STORED, name: &file.name, mime: &file.mime, size: file.size }
}

/// Deletes a file of a person that must not be kept, if he has sent it since then: first its bytes, so that whatever
/// happens its row is there to begin again from.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn forget(kit: &Kit, scope: &Scope, id: Uuid, person: Uuid, since: Micros) -> Result<()> {
    if !sql::has_sent(&mut kit.db.read(scope).await?, id, person, since).await? {
        return Ok(());
    }
    kit.files.delete(scope.tenant(), id, STORED).await?;
    kit.db.write(scope, move |tx| Box::pin(async move { sql::delete(tx, id, person).await.map(drop) })).await
}

/// Deletes the rows of a person's files; answers whose bytes are to be deleted after the commit.
///
/// # Errors
/// When the store cannot be written.
pub async fn erase_files(tx: &mut Tx, person: Uuid) -> Result<Vec<Uuid>> {
    sql::erase(tx, person).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pictures_are_files_only_where_there_is_no_visit() {
        let spec: FormSpec = serde_json::from_value(json!({ "title": { "en": "t" }, "fields": [
            { "key": "doc", "type": "file", "label": { "en": "d" } },
            { "key": "pic", "type": "photo", "label": { "en": "p" } },
            { "key": "sign", "type": "signature", "label": { "en": "s" } },
            { "key": "rows", "type": "table", "label": { "en": "r" }, "fields": [{ "key": "doc", "type": "file", "label": { "en": "d" } }] },
        ] }))
        .unwrap();
        let answers = json!({ "doc": ["a", "b"], "pic": ["c"], "sign": "d", "rows": [{ "doc": ["e"] }, {}] });
        let answers = answers.as_object().unwrap();
        let all = |purpose| named(&spec, purpose, answers).into_iter().collect::<Vec<_>>();
        assert_eq!(all(Purpose::Step), ["a", "b", "e"]);
        assert_eq!(all(Purpose::Object), ["a", "b", "c", "d", "e"]);
    }
}
