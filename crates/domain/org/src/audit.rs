//! Reading the trail. It is written by [`db::Tx::audit`] in the transaction of the change itself.

use api::{Access, Answer, Caller, Kit, Page, PageQuery, Query, Routes, axum, ok, routes};
use axum::extract::State;
use base::Micros;
use db::{Permission, args, sql};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::Ref;

/// One line of the trail.
#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    pub id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// Absent when a job of the server acted.
    pub actor: Option<Ref>,
    pub job: Option<String>,
    /// `employee.change`, …
    pub action: String,
    pub object_kind: String,
    pub object_id: Uuid,
    /// JSON of what changed, as text.
    pub summary: String,
}

db::row! { struct AuditRow {
    id: Uuid, at: Micros, actor_id: Uuid, actor_name: Option<String>, job: Option<String>, action: String, object_kind: String,
    object_id: Uuid, changes: String
} }

db::row! { struct Counted { n: i64 } }

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AuditFilter {
    actor_id: Option<Uuid>,
    object_kind: Option<String>,
    object_id: Option<Uuid>,
    limit: Option<i64>,
    cursor: Option<String>,
    /// Also tell how many there are in all.
    count: Option<bool>,
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::AuditRead), routes!(list))
}

#[utoipa::path(get, path = "/audit", tag = "audit", params(AuditFilter), responses((status = 200, body = Page<AuditEntry>)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(f): Query<AuditFilter>,
) -> Answer<Page<AuditEntry>> {
    use db::Query as _;
    let limit = PageQuery::rows(f.limit);
    let before: Option<(i64, Uuid)> = api::cursor_decode(&f.cursor)?;
    let (before_at, before_id) = before.unzip();
    let filter = args![f.actor_id, f.object_kind, f.object_id];
    let mut all = filter.clone();
    all.extend(args![before_at, before_id, limit + 1]);
    let mut reader = kit.db.read(&caller.scope).await?;
    let rows: Vec<AuditRow> = reader
        .all(
            sql!(
                "SELECT a.id, a.at, a.actor_id, e.name AS actor_name, a.job, a.action, a.object_kind, a.object_id, a.changes \
                 FROM audit a LEFT JOIN employee e ON e.tenant_id = a.tenant_id AND e.id = a.actor_id \
                 WHERE a.tenant_id = $1 AND ($3 IS NULL OR a.actor_id = $3) AND ($4 IS NULL OR a.object_kind = $4) \
                 AND ($5 IS NULL OR a.object_id = $5) AND ($6 IS NULL OR a.at < $6 OR (a.at = $6 AND a.id < $7)) \
                 ORDER BY a.at DESC, a.id DESC LIMIT $8"
            ),
            all,
        )
        .await?;
    let total = match f.count {
        Some(true) => {
            let count = sql!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM audit a WHERE a.tenant_id = $1 AND ($3 IS NULL OR a.actor_id = $3) \
                 AND ($4 IS NULL OR a.object_kind = $4) AND ($5 IS NULL OR a.object_id = $5)"
            );
            let counted: Counted = reader.must(count, filter).await?;
            Some(counted.n)
        }
        _ => None,
    };
    let entry = |r: AuditRow| AuditEntry {
        id: r.id,
        at: r.at,
        actor: r.actor_name.map(|name| Ref { id: r.actor_id, name }),
        job: r.job,
        action: r.action,
        object_kind: r.object_kind,
        object_id: r.object_id,
        summary: r.changes,
    };
    let items = rows.into_iter().map(entry).collect();
    let page = Page::from_rows(items, limit, |e: &AuditEntry| (e.at.0, e.id));
    ok(Page { total, ..page })
}
