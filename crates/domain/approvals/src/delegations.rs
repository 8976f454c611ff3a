//! Who decides for somebody who is absent.

use api::{
    Access, Answer, Caller, Checks, Created, Failure, Json, Kit, Path, Routes,
    axum::{self, extract::State, http::StatusCode},
    created, ok, routes,
};
use base::{Micros, Problem, id, problem};
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ABSENCE;

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

db::row! { struct DelegationRow { id: Uuid, deputy_id: Uuid, deputy_name: String, from_at: Micros, until_at: Micros } }
db::row! { struct BeginRow { id: Uuid, employee_id: Uuid } }

/// Those of the acting person that are not over.
async fn mine(q: &mut impl Query, now: Micros) -> Result<Vec<Delegation>> {
    let rows: Vec<DelegationRow> = q
        .all(
            sql!(
                "SELECT d.id, d.deputy_id, e.name AS deputy_name, d.from_at, d.until_at FROM delegation d \
                 JOIN employee e ON e.tenant_id = d.tenant_id AND e.id = d.deputy_id \
                 WHERE d.tenant_id = $1 AND d.employee_id = $2 AND d.until_at > $3 ORDER BY d.from_at, d.id"
            ),
            args![now],
        )
        .await?;
    let shown = |r: DelegationRow| Delegation {
        id: r.id,
        deputy: Ref { id: r.deputy_id, name: r.deputy_name },
        from_at: r.from_at,
        until_at: r.until_at,
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Absences that have begun and whose person's asks were not handed on yet: id and person.
pub(crate) async fn beginning(q: &mut impl Query, now: Micros) -> Result<Vec<(Uuid, Uuid)>> {
    let rows: Vec<BeginRow> = q
        .all(
            sql!(
                "SELECT d.id, d.employee_id FROM delegation d WHERE d.tenant_id = $1 AND d.begun = 0 AND d.from_at <= $3 AND d.until_at > $3"
            ),
            args![now],
        )
        .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.employee_id)).collect())
}

pub(crate) async fn begun(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    for id in ids {
        tx.exec(sql!("UPDATE delegation SET begun = 1 WHERE tenant_id = $1 AND id = $3"), args![*id]).await?;
    }
    Ok(())
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
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO delegation (tenant_id, id, employee_id, deputy_id, from_at, until_at, begun, created_at) \
                 VALUES ($1, $3, $2, $4, $5, $6, 0, $7) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, new.deputy_id, new.from_at, new.until_at, now],
        )
        .await?;
    let all = mine(tx, now).await?;
    if rows == 0 {
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
                let (now, me) = (tx.now(), tx.scope_actor());
                let rows = tx
                    .exec(
                        sql!(
                            "UPDATE delegation SET until_at = $4 WHERE tenant_id = $1 AND employee_id = $2 AND id = $3 AND until_at > $4"
                        ),
                        args![id, now],
                    )
                    .await?;
                if rows == 0 {
                    return Err(Problem::new(problem::NOT_FOUND));
                }
                tx.audit("delegation.end", "employee", me, json!({ "delegation": id })).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
