//! People at the customer. Numbers leave the server masked.

use std::collections::HashMap;

use api::{Access, Answer, Caller, Checks, Created, Json, Kit, Path, Routes, axum, created, ok, routes};
use axum::{extract::State, http::StatusCode};
use base::{Problem, id, problem};
use db::{Permission, Query, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{model::masked, place};

/// A contact.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contact {
    pub id: Uuid,
    pub name: String,
    pub title: Option<String>,
    /// 138****2207
    pub phone_masked: Option<String>,
    pub primary: bool,
}

db::row! { struct ContactRow { id: Uuid, customer_id: Uuid, name: String, title: Option<String>, phone: Option<String>, is_primary: bool } }

impl From<ContactRow> for Contact {
    fn from(r: ContactRow) -> Contact {
        Contact {
            id: r.id,
            name: r.name,
            title: r.title,
            phone_masked: r.phone.as_deref().map(masked),
            primary: r.is_primary,
        }
    }
}

/// A contact to be stored.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    #[schema(max_length = 40)]
    pub name: String,
    #[schema(max_length = 40)]
    pub title: Option<String>,
    #[schema(max_length = 32)]
    pub phone: Option<String>,
    #[serde(default)]
    pub primary: bool,
}

impl NewContact {
    pub(crate) fn check(&self, checks: &mut Checks) {
        checks
            .text("contact.name", &self.name, 40)
            .at_most("contact.title", self.title.as_deref(), 40)
            .at_most("contact.phone", self.phone.as_deref(), 32);
    }
}

/// Contacts of a customer, the primary one first. The caller has checked that the customer is in reach.
pub async fn contacts(q: &mut impl Query, customer_id: Uuid) -> Result<Vec<Contact>> {
    let rows: Vec<ContactRow> = q
        .all(
            sql!(
                "SELECT id, customer_id, name, title, phone, is_primary FROM contact WHERE tenant_id = $1 AND customer_id = $3 \
                 ORDER BY is_primary DESC, created_at, id"
            ),
            args![customer_id],
        )
        .await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// Contacts of all customers the acting person owns, by customer, the primary one first: for his phone.
pub async fn contacts_of_mine(q: &mut impl Query) -> Result<HashMap<Uuid, Vec<Contact>>> {
    let rows: Vec<ContactRow> = q
        .all(
            sql!(
                "SELECT k.id, k.customer_id, k.name, k.title, k.phone, k.is_primary FROM contact k \
                 JOIN customer c ON c.tenant_id = k.tenant_id AND c.id = k.customer_id \
                 WHERE k.tenant_id = $1 AND c.employee_id = $2 AND c.status <> 'archived' ORDER BY k.is_primary DESC, k.created_at, k.id"
            ),
            vec![],
        )
        .await?;
    let mut by_customer: HashMap<Uuid, Vec<Contact>> = HashMap::new();
    for row in rows {
        by_customer.entry(row.customer_id).or_default().push(row.into());
    }
    Ok(by_customer)
}

/// Makes room for another first contact. Takes the customer's row first: two who name a first contact at the same
/// moment wait for each other in order, instead of each for rows the other holds.
async fn demote(tx: &mut Tx, customer_id: Uuid) -> Result<()> {
    tx.exec(
        sql!("UPDATE customer SET version = version WHERE tenant_id = $1 AND id = $3"),
        args![customer_id],
    )
    .await?;
    tx.exec(
        sql!(
            "UPDATE contact SET is_primary = 0 WHERE tenant_id = $1 AND customer_id = $3 AND is_primary = 1"
        ),
        args![customer_id],
    )
    .await?;
    Ok(())
}

pub(crate) async fn insert(tx: &mut Tx, customer_id: Uuid, new: &NewContact) -> Result<Uuid> {
    let id = id::new_v7();
    let now = tx.now();
    if new.primary {
        demote(tx, customer_id).await?;
    }
    tx.exec(
        sql!(
            "INSERT INTO contact (tenant_id, id, customer_id, name, title, phone, is_primary, created_at) VALUES ($1, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![id, customer_id, new.name.trim(), &new.title, &new.phone, new.primary, now],
    )
    .await?;
    Ok(id)
}

/// A contact of a customer in reach.
async fn reachable(q: &mut impl Query, id: Uuid) -> Result<ContactRow> {
    let row: ContactRow = q
        .must(
            sql!("SELECT id, customer_id, name, title, phone, is_primary FROM contact WHERE tenant_id = $1 AND id = $3"),
            args![id],
        )
        .await?;
    place(q, row.customer_id).await?;
    Ok(row)
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::CustomerWrite), routes!(create))
        .at(Access::May(Permission::CustomerWrite), routes!(change, remove))
        .at(Access::May(Permission::CustomerRead), routes!(phone))
}

#[utoipa::path(post, path = "/customers/{id}/contacts", tag = "customers", request_body = NewContact, params(("id" = Uuid, Path)), responses((status = 201, body = Contact), (status = 404, body = api::ProblemDocument)))]
async fn create(
    State(kit): State<Kit>,
    caller: Caller,
    Path(customer): Path<Uuid>,
    Json(new): Json<NewContact>,
) -> Created<Contact> {
    let mut checks = Checks::new();
    new.check(&mut checks);
    checks.done()?;
    let made = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                place(tx, customer).await?;
                let id = insert(tx, customer, &new).await?;
                tx.audit("contact.create", "customer", customer, json!({ "name": new.name })).await?;
                contacts(tx, customer)
                    .await?
                    .into_iter()
                    .find(|c| c.id == id)
                    .ok_or_else(|| Problem::new(problem::NOT_FOUND))
            })
        })
        .await?;
    created(made)
}

#[utoipa::path(patch, path = "/contacts/{id}", tag = "customers", request_body = NewContact, params(("id" = Uuid, Path)), responses((status = 200, body = Contact), (status = 404, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewContact>,
) -> Answer<Contact> {
    let mut checks = Checks::new();
    new.check(&mut checks);
    checks.done()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = reachable(tx, id).await?;
                if new.primary {
                    demote(tx, before.customer_id).await?;
                }
                tx.exec(
                    sql!(
                        "UPDATE contact SET name = $4, title = $5, phone = COALESCE($6, phone), is_primary = $7 WHERE tenant_id = $1 AND id = $3"
                    ),
                    args![id, new.name.trim(), &new.title, &new.phone, new.primary],
                )
                .await?;
                tx.audit("contact.change", "customer", before.customer_id, json!({ "name": [before.name, new.name], "phone": new.phone.is_some() })).await?;
                contacts(tx, before.customer_id).await?.into_iter().find(|c| c.id == id).ok_or_else(|| Problem::new(problem::NOT_FOUND))
            })
        })
        .await?;
    ok(changed)
}

#[utoipa::path(delete, path = "/contacts/{id}", tag = "customers", params(("id" = Uuid, Path)), responses((status = 204), (status = 404, body = api::ProblemDocument)))]
async fn remove(
    State(kit): State<Kit>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, api::Failure> {
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let row = reachable(tx, id).await?;
                tx.exec(sql!("DELETE FROM contact WHERE tenant_id = $1 AND id = $3"), args![id]).await?;
                tx.audit("contact.remove", "customer", row.customer_id, json!({ "name": row.name })).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A full number.
#[derive(Serialize, ToSchema)]
struct Phone {
    phone: Option<String>,
}

/// Shows a full number. Written to the trail.
#[utoipa::path(get, path = "/contacts/{id}/phone", tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Phone), (status = 404, body = api::ProblemDocument)))]
async fn phone(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Phone> {
    let phone = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let row = reachable(tx, id).await?;
                tx.audit("contact.reveal", "customer", row.customer_id, json!({ "contact": row.id })).await?;
                Ok(row.phone)
            })
        })
        .await?;
    ok(Phone { phone })
}
