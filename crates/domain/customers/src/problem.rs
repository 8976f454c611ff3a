//! Open problems at a customer: shown at every visit until somebody closes them.

use std::collections::HashMap;

use api::{Access, Caller, Checks, Created, Json, Kit, Path, Routes, axum, created, routes};
use axum::{extract::State, http::StatusCode};
use base::{Micros, Problem, id, problem as codes};
use db::{Permission, Query, Result, Tx, args, sql};
use org::Ref;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::place;

/// A problem.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem360 {
    pub id: Uuid,
    pub text: String,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Micros,
    pub opened_by: Ref,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Micros>,
}

db::row! { struct ProblemRow { id: Uuid, customer_id: Uuid, text: String, opened_at: Micros, opened_by: Uuid, opened_by_name: Option<String>, closed_at: Option<Micros> } }

impl From<ProblemRow> for Problem360 {
    fn from(r: ProblemRow) -> Problem360 {
        Problem360 {
            id: r.id,
            text: r.text,
            opened_at: r.opened_at,
            opened_by: Ref { id: r.opened_by, name: r.opened_by_name.unwrap_or_default() },
            closed_at: r.closed_at,
        }
    }
}

/// Problems of a customer, open ones first. The caller has checked that the customer is in reach.
pub async fn problems(q: &mut impl Query, customer_id: Uuid) -> Result<Vec<Problem360>> {
    let rows: Vec<ProblemRow> = q
        .all(
            sql!(
                "SELECT p.id, p.customer_id, p.text, p.opened_at, p.opened_by, e.name AS opened_by_name, p.closed_at FROM customer_problem p \
                 LEFT JOIN employee e ON e.tenant_id = p.tenant_id AND e.id = p.opened_by \
                 WHERE p.tenant_id = $1 AND p.customer_id = $3 ORDER BY COALESCE(p.closed_at, 0), p.opened_at DESC LIMIT 50"
            ),
            args![customer_id],
        )
        .await?;
    Ok(rows.into_iter().map(Problem360::from).collect())
}

/// Open problems of all customers the acting person owns, by customer: for his phone.
pub async fn problems_of_mine(q: &mut impl Query) -> Result<HashMap<Uuid, Vec<Problem360>>> {
    let rows: Vec<ProblemRow> = q
        .all(
            sql!(
                "SELECT p.id, p.customer_id, p.text, p.opened_at, p.opened_by, e.name AS opened_by_name, p.closed_at FROM customer_problem p \
                 JOIN customer c ON c.tenant_id = p.tenant_id AND c.id = p.customer_id \
                 LEFT JOIN employee e ON e.tenant_id = p.tenant_id AND e.id = p.opened_by \
                 WHERE p.tenant_id = $1 AND c.employee_id = $2 AND c.status <> 'archived' AND p.closed_at IS NULL \
                 ORDER BY p.opened_at DESC, p.id"
            ),
            vec![],
        )
        .await?;
    let mut by_customer: HashMap<Uuid, Vec<Problem360>> = HashMap::new();
    for row in rows {
        by_customer.entry(row.customer_id).or_default().push(row.into());
    }
    Ok(by_customer)
}

/// Opens a problem; the same id again changes nothing.
pub async fn open_problem(tx: &mut Tx, customer: Uuid, id: Uuid, text: &str) -> Result<()> {
    Checks::new().text("text", text, 500).done()?;
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO customer_problem (tenant_id, id, customer_id, text, opened_at, opened_by) VALUES ($1, $3, $4, $5, $6, $2) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, customer, text.trim(), now],
        )
        .await?;
    if rows > 0 {
        tx.audit("problem.open", "customer", customer, json!({ "text": text })).await?;
    }
    Ok(())
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::CustomerWrite), routes!(create))
        .at(Access::May(Permission::CustomerWrite), routes!(close))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewProblem {
    id: Option<Uuid>,
    #[schema(max_length = 500)]
    text: String,
}

#[utoipa::path(post, path = "/customers/{id}/problems", tag = "customers", request_body = NewProblem, params(("id" = Uuid, Path)), responses((status = 201, body = Problem360), (status = 404, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Path(customer): Path<Uuid>,
    Json(new): Json<NewProblem>,
) -> Created<Problem360> {
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                place(tx, customer).await?;
                let id = new.id.unwrap_or_else(id::new_v7);
                open_problem(tx, customer, id, &new.text).await?;
                problems(tx, customer)
                    .await?
                    .into_iter()
                    .find(|p| p.id == id)
                    .ok_or_else(|| Problem::new(codes::CONFLICT))
            })
        })
        .await?;
    created(made)
}

#[utoipa::path(post, path = "/problems/{id}/close", tag = "customers", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn close(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, api::Failure> {
    db::row! { struct At { customer_id: Uuid } }
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let at: At = tx.must(sql!("SELECT customer_id FROM customer_problem WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
                place(tx, at.customer_id).await?;
                let now = tx.now();
                tx.exec(
                    sql!(
                        "UPDATE customer_problem SET closed_at = $4, closed_by = $2 WHERE tenant_id = $1 AND id = $3 AND closed_at IS NULL"
                    ),
                    args![id, now],
                )
                .await?;
                tx.audit("problem.close", "customer", at.customer_id, json!({ "problem": id })).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
