//! Saved views: named filters of a list. A person keeps his own; one that is shared is offered to the whole company.

use std::collections::BTreeMap;

use api::{
    Access, Answer, Caller, Checks, Created, Failure, IfMatch, Json, Kit, Path, Query, Routes, axum, created,
    ok, routes,
};
use axum::{extract::State, http::StatusCode};
use base::{Micros, Problem, id, problem};
use db::{Permission, Query as Read, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::Ref;

base::problems! {
    /// A person keeps at most 50 views of one list.
    TOO_MANY_VIEWS = 422 "org.too_many_views",
        zh "视图太多" / "每个列表最多保存 50 个视图，请先删除不用的。",
        en "Too many views" / "A list keeps at most 50 views of yours; delete some first.";
}

const MOST: i64 = 50;

/// A named set of filters.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SavedView {
    id: Uuid,
    /// The list it belongs to, such as `customers`.
    list: String,
    name: String,
    /// Filter of the list's address → value.
    search: BTreeMap<String, String>,
    /// Offered to everybody of the company.
    shared: bool,
    owner: Ref,
    #[schema(value_type = String, format = DateTime)]
    created_at: Micros,
    version: i64,
}

db::row! { struct ViewRow {
    id: Uuid, list: String, name: String, search: String, shared: bool, owner_id: Uuid, owner_name: String, created_at: Micros, version: i64
} }

impl From<ViewRow> for SavedView {
    fn from(row: ViewRow) -> SavedView {
        SavedView {
            id: row.id,
            list: row.list,
            name: row.name,
            search: serde_json::from_str(&row.search).unwrap_or_default(),
            shared: row.shared,
            owner: Ref { id: row.owner_id, name: row.owner_name },
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// What the acting person may choose from: his own and what is shared.
async fn offered(q: &mut impl Read, list: &str) -> Result<Vec<SavedView>> {
    let rows: Vec<ViewRow> = q
        .all(
            sql!(
                "SELECT v.id, v.list, v.name, v.search, v.shared, e.id AS owner_id, e.name AS owner_name, v.created_at, v.version \
                 FROM saved_view v JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.employee_id \
                 WHERE v.tenant_id = $1 AND v.list = $3 AND (v.employee_id = $2 OR v.shared = 1) ORDER BY v.shared, v.created_at, v.id"
            ),
            args![list],
        )
        .await?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

async fn one(q: &mut impl Read, id: Uuid) -> Result<SavedView> {
    let row: Option<ViewRow> = q
        .one(
            sql!(
                "SELECT v.id, v.list, v.name, v.search, v.shared, e.id AS owner_id, e.name AS owner_name, v.created_at, v.version \
                 FROM saved_view v JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.employee_id \
                 WHERE v.tenant_id = $1 AND v.id = $3 AND (v.employee_id = $2 OR v.shared = 1)"
            ),
            args![id],
        )
        .await?;
    row.map(SavedView::from).ok_or_else(|| Problem::new(problem::NOT_FOUND))
}

/// A view the acting person may change: his own, or a shared one if he runs the company's settings.
async fn changeable(tx: &mut Tx, id: Uuid, settings: bool) -> Result<SavedView> {
    let view = one(tx, id).await?;
    if view.owner.id != tx.scope_actor() && !settings {
        return Err(Problem::new(problem::FORBIDDEN).with("permission", Permission::OrgWrite.key()));
    }
    Ok(view)
}

/// A person who is erased takes his views along.
pub(crate) async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
    tx.exec(sql!("DELETE FROM saved_view WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    Ok(())
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(list))
        .at(Access::SignedIn, routes!(create))
        .at(Access::SignedIn, routes!(change))
        .at(Access::SignedIn, routes!(remove))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ViewQuery {
    /// The list, such as `customers`.
    list: String,
}

#[derive(Serialize, ToSchema)]
struct SavedViews {
    items: Vec<SavedView>,
}

/// My views of a list and those shared with the company.
#[utoipa::path(get, path = "/views", tag = "org", params(ViewQuery), responses((status = 200, body = SavedViews)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(q): Query<ViewQuery>) -> Answer<SavedViews> {
    ok(SavedViews { items: offered(&mut kit.db.read(&caller.scope).await?, &q.list).await? })
}

/// What a view is made of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewView {
    id: Option<Uuid>,
    #[schema(max_length = 40)]
    list: String,
    #[schema(max_length = 40)]
    name: String,
    /// At most 20 filters of 1000 characters. `cols` and `rows` are columns (joined by `~`) and row height of the table.
    search: BTreeMap<String, String>,
    #[serde(default)]
    shared: bool,
}

impl NewView {
    fn check(&self) -> Result<()> {
        let lengths = self.search.iter().all(|(k, v)| k.chars().count() <= 40 && v.chars().count() <= 1000);
        Checks::new()
            .text("list", &self.list, 40)
            .text("name", &self.name, 40)
            .that("search", self.search.len() <= 20 && lengths)
            .done()
    }

    fn same(&self, other: &SavedView) -> bool {
        (&self.list, self.name.trim(), &self.search, self.shared)
            == (&other.list, other.name.as_str(), &other.search, other.shared)
    }
}

/// Keeps a view. Sent again with the same id and content it is kept once.
#[utoipa::path(post, path = "/views", tag = "org", request_body = NewView, responses((status = 201, body = SavedView), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewView>) -> Created<SavedView> {
    new.check()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let (id, actor) = (new.id.unwrap_or_else(id::new_v7), tx.scope_actor());
                let own = offered(tx, &new.list).await?.iter().filter(|v| v.owner.id == actor && v.id != id).count();
                if own as i64 >= MOST {
                    return Err(Problem::new(TOO_MANY_VIEWS));
                }
                let now = tx.now();
                let rows = tx
                    .exec(
                        sql!(
                            "INSERT INTO saved_view (tenant_id, id, employee_id, list, name, search, shared, created_at, version) \
                             VALUES ($1, $3, $2, $4, $5, $6, $7, $8, 1) ON CONFLICT DO NOTHING"
                        ),
                        args![id, &new.list, new.name.trim(), json!(new.search).to_string(), new.shared, now],
                    )
                    .await?;
                if rows == 0 {
                    let kept = one(tx, id).await.ok().filter(|v| v.owner.id == actor && new.same(v));
                    return kept.ok_or_else(|| Problem::new(problem::CONFLICT));
                }
                tx.audit("view.create", "view", id, json!({ "name": new.name, "list": new.list, "shared": new.shared })).await?;
                one(tx, id).await
            })
        })
        .await?;
    created(made)
}

/// Renames a view, gives it other filters, shares it or takes it back. Whoever runs the company's settings may change shared ones.
#[utoipa::path(patch, path = "/views/{id}", tag = "org", request_body = NewView, params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = SavedView), (status = 403, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    IfMatch(version): IfMatch,
    Json(new): Json<NewView>,
) -> Answer<SavedView> {
    new.check()?;
    let settings = caller.scope.may(Permission::OrgWrite);
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = changeable(tx, id, settings).await?;
                // Taking back what another shared would leave it to nobody but him: that is deleting.
                if before.owner.id != tx.scope_actor() && !new.shared {
                    return Err(Problem::new(problem::INVALID).with("reason", "shared").field("shared", problem::BAD_VALUE));
                }
                let rows = tx
                    .exec(
                        sql!(
                            "UPDATE saved_view SET list = $4, name = $5, search = $6, shared = $7, version = version + 1 \
                             WHERE tenant_id = $1 AND id = $3 AND version = $8"
                        ),
                        args![id, &new.list, new.name.trim(), json!(new.search).to_string(), new.shared, version],
                    )
                    .await?;
                if rows == 0 {
                    return Err(Problem::new(problem::VERSION));
                }
                tx.audit("view.change", "view", id, json!({ "name": [before.name, new.name], "shared": [before.shared, new.shared] }))
                    .await?;
                one(tx, id).await
            })
        })
        .await?;
    ok(changed)
}

/// Deletes a view.
#[utoipa::path(delete, path = "/views/{id}", tag = "org", params(("id" = Uuid, Path)), responses((status = 204), (status = 403, body = api::ProblemDocument), (status = 404, body = api::ProblemDocument)))]
async fn remove(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    let settings = caller.scope.may(Permission::OrgWrite);
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let gone = changeable(tx, id, settings).await?;
                tx.exec(sql!("DELETE FROM saved_view WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
                tx.audit(
                    "view.delete",
                    "view",
                    id,
                    json!({ "name": gone.name, "list": gone.list, "shared": gone.shared }),
                )
                .await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
