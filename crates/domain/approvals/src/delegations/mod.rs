//! Who decides for somebody who is absent.

mod sql;

use api::{
    Access, Answer, Caller, Checks, Created, Failure, Json, Kit, Path, Routes,
    axum::{self, extract::State, http::StatusCode},
    created, ok, routes,
};
use base::{Micros, Problem, id, problem};
use db::{Query, Result, Tx};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ABSENCE;

pub(crate) use sql::{beginning, begun, erase};

const MOST_DAYS: i64 = 180;

/// An absence with the colleague who decides meanwhile.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Delegation {
    id: Uuid,
    deputy: Ref,
    #[schema(value_type = String, format = DateTime)]
    from_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    until_at: Micros,
}

/// Those of the acting person that are not over.
async fn mine(q: &mut impl Query, now: Micros) -> Result<Vec<Delegation>> {
    let shown = |r: sql::DelegationRow| Delegation {
        id: r.id,
        deputy: Ref { id: r.deputy_id, name: r.deputy_name },
        from_at: r.from_at,
        until_at: r.until_at,
    };
    Ok(sql::mine(q, now).await?.into_iter().map(shown).collect())
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::SignedIn, routes!(list, create)).at(Access::SignedIn, routes!(remove))
}

#[derive(Serialize, ToSchema)]
struct Delegations {
    items: Vec<Delegation>,
}

/// My absences that are not over, and who decides for me meanwhile.
#[utoipa::path(get, path = "/me/delegations", tag = "me", responses((status = 200, body = Delegations)))]
async fn list(State(kit): State<Kit>, caller: Caller) -> Answer<Delegations> {
    ok(Delegations { items: mine(&mut kit.db.read(&caller.scope).await?, kit.now()).await? })
}

/// An absence.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDelegation {
    id: Option<Uuid>,
    deputy_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    from_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    until_at: Micros,
}

/// Lets a colleague decide for me from then until then. What waits for me goes to him when it begins.
#[utoipa::path(post, path = "/me/delegations", tag = "me", request_body = NewDelegation, responses((status = 201, body = Delegations), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Json(new): Json<NewDelegation>,
) -> Created<Delegations> {
    let dates = new.from_at.is_plausible() && new.until_at.is_plausible();
    Checks::new().that("from_at", dates).done()?;
    let made = kit.db.write(&caller.scope, move |tx| Box::pin(async move { insert(tx, new).await })).await?;
    created(made)
}

async fn insert(tx: &mut Tx, new: NewDelegation) -> Result<Delegations> {
    let (now, me) = (tx.now(), tx.scope_actor());
    let deputy = org::by_ids(tx, &[new.deputy_id]).await?.into_iter().next();
    let fit = deputy.as_ref().is_some_and(|d| d.status == "active" && d.id != me);
    let span = new.until_at.0 - new.from_at.0;
    if !fit || span <= 0 || span > MOST_DAYS * Micros::DAY || new.until_at <= now {
        return Err(
            Problem::new(ABSENCE).field(if fit { "until_at" } else { "deputy_id" }, problem::BAD_VALUE)
        );
    }
    let id = new.id.unwrap_or_else(id::new_v7);
    let fresh = sql::insert(tx, id, new.deputy_id, (new.from_at, new.until_at)).await?;
    let all = mine(tx, now).await?;
    if !fresh {
        let same = all.iter().any(|d| {
            d.id == id
                && d.deputy.id == new.deputy_id
                && d.from_at == new.from_at
                && d.until_at == new.until_at
        });
        return if same { Ok(Delegations { items: all }) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let told = json!({ "deputy": new.deputy_id, "from": new.from_at, "until": new.until_at });
    tx.audit("delegation.create", "employee", me, told).await?;
    Ok(Delegations { items: all })
}

/// Ends an absence of mine now. What was handed on stays where it is.
#[utoipa::path(delete, path = "/me/delegations/{id}", tag = "me", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn remove(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Failure> {
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let me = tx.scope_actor();
                if !sql::end(tx, id).await? {
                    return Err(Problem::new(problem::NOT_FOUND));
                }
                tx.audit("delegation.end", "employee", me, json!({ "delegation": id })).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
