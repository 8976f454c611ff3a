//! Who owned a customer from when to when, and why; and handing many of them over at once.

use api::{Access, Answer, Caller, Kit, Path, Routes, axum, ok, routes};
use axum::extract::State;
use base::{Micros, id};
use db::{Permission, Query, Result, Tx, args, sql};
use org::Ref;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Customer, sql as archive};

/// Why an owner changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Created,
    Edited,
    Imported,
    Territory(Uuid),
}

impl Cause {
    fn key(self) -> &'static str {
        match self {
            Cause::Created => "created",
            Cause::Edited => "edited",
            Cause::Imported => "imported",
            Cause::Territory(_) => "territory",
        }
    }

    fn division(self) -> Option<Uuid> {
        if let Cause::Territory(division) = self { Some(division) } else { None }
    }
}

/// A stretch of time in which a customer belonged to somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ownership {
    /// Absent: nobody had him.
    pub owner: Option<Ref>,
    /// Absent: from before this was kept.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Micros>,
    /// Absent: until today.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Micros>,
    /// created, edited, imported, territory or unknown.
    pub cause: String,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    pub division_id: Option<Uuid>,
    pub by: Option<Ref>,
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::CustomerRead), routes!(history))
}

#[derive(Serialize, ToSchema)]
struct Ownerships {
    items: Vec<Ownership>,
}

db::row! { struct OwnerRow {
    employee_id: Option<Uuid>, owner_name: Option<String>, from_at: Option<Micros>, to_at: Option<Micros>, cause: String,
    reason: Option<String>, division_id: Option<Uuid>, by_id: Option<Uuid>, by_name: Option<String>
} }

/// Who had a customer, newest first.
#[utoipa::path(get, path = "/customers/{id}/owners", tag = "customers", params(("id" = Uuid, Path)), responses((status = 200, body = Ownerships), (status = 404, body = api::ProblemDocument)))]
async fn history(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Ownerships> {
    let mut reader = kit.db.read(&caller.scope).await?;
    let customer = archive::customer(&mut reader, id).await?;
    let rows: Vec<OwnerRow> = reader
        .all(
            sql!(
                "SELECT h.employee_id, o.name AS owner_name, h.from_at, h.to_at, h.cause, d.reason, h.division_id, h.by_id, b.name AS by_name \
                 FROM customer_ownership h \
                 LEFT JOIN employee o ON o.tenant_id = h.tenant_id AND o.id = h.employee_id \
                 LEFT JOIN employee b ON b.tenant_id = h.tenant_id AND b.id = h.by_id \
                 LEFT JOIN territory_division d ON d.tenant_id = h.tenant_id AND d.id = h.division_id \
                 WHERE h.tenant_id = $1 AND h.customer_id = $3 ORDER BY COALESCE(h.from_at, 0) DESC, h.id DESC"
            ),
            args![id],
        )
        .await?;
    let shown = |r: OwnerRow| Ownership {
        owner: r.employee_id.zip(r.owner_name).map(|(id, name)| Ref { id, name }),
        from: r.from_at,
        to: r.to_at,
        cause: r.cause,
        reason: r.reason,
        division_id: r.division_id,
        by: r.by_id.zip(r.by_name).map(|(id, name)| Ref { id, name }),
    };
    let mut items: Vec<Ownership> = rows.into_iter().map(shown).collect();
    if items.is_empty() && customer.owner.is_some() {
        items.push(Ownership {
            owner: customer.owner,
            from: None,
            to: None,
            cause: "unknown".into(),
            reason: None,
            division_id: None,
            by: None,
        });
    }
    ok(Ownerships { items })
}

/// A customer's owner before and after.
pub(crate) struct Handover {
    pub customer: Uuid,
    pub from: Option<Uuid>,
    pub from_department: Uuid,
    pub to: Option<Uuid>,
    pub to_department: Uuid,
}

/// Keeps who had a customer until now and who has him from now on.
pub(crate) async fn keep(tx: &mut Tx, h: &Handover, cause: Cause) -> Result<()> {
    let now = tx.now();
    let closed = tx
        .exec(
            sql!(
                "UPDATE customer_ownership SET to_at = $4 WHERE tenant_id = $1 AND customer_id = $3 AND to_at IS NULL"
            ),
            args![h.customer, now],
        )
        .await?;
    // Whoever had him before this was kept is not lost.
    if closed == 0 && h.from.is_some() {
        insert(tx, h.customer, (h.from, h.from_department), (None, Some(now)), ("unknown", None, None))
            .await?;
    }
    let by = Some(tx.scope_actor()).filter(|a| !a.is_nil());
    insert(tx, h.customer, (h.to, h.to_department), (Some(now), None), (cause.key(), cause.division(), by))
        .await
}

/// The same for a customer that was read before, when his owner is another now.
pub(crate) async fn note(
    tx: &mut Tx,
    before: &Customer,
    owner: Option<Uuid>,
    department: Uuid,
    cause: Cause,
) -> Result<()> {
    let from = before.owner.as_ref().map(|o| o.id);
    if from == owner {
        return Ok(());
    }
    let h = Handover {
        customer: before.id,
        from,
        from_department: before.department.id,
        to: owner,
        to_department: department,
    };
    keep(tx, &h, cause).await
}

/// A customer who is new.
pub(crate) async fn begin(
    tx: &mut Tx,
    customer: Uuid,
    owner: Option<Uuid>,
    department: Uuid,
    cause: Cause,
) -> Result<()> {
    let h =
        Handover { customer, from: None, from_department: department, to: owner, to_department: department };
    if owner.is_some() { keep(tx, &h, cause).await } else { Ok(()) }
}

async fn insert(
    tx: &mut Tx,
    customer: Uuid,
    (owner, department): (Option<Uuid>, Uuid),
    (from, to): (Option<Micros>, Option<Micros>),
    (cause, division, by): (&str, Option<Uuid>, Option<Uuid>),
) -> Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO customer_ownership (tenant_id, id, customer_id, employee_id, department_id, from_at, to_at, cause, division_id, by_id) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        args![id::new_v7(), customer, owner, department, from, to, cause, division, by],
    )
    .await
    .map(drop)
}

/// Gives an active customer in reach to somebody, as part of a division: owner, his department and the territory.
/// False when it was changed since `version`, or is active or in reach no more.
///
/// # Errors
/// When the store cannot be written.
pub async fn hand_over(
    tx: &mut Tx,
    customer: Uuid,
    version: i64,
    to: (Uuid, Uuid),
    territory: Uuid,
    division: Uuid,
) -> Result<bool> {
    db::row! { struct Had { employee_id: Option<Uuid>, department_id: Uuid } }
    let had: Option<Had> = tx
        .one(
            sql!(
                "SELECT c.employee_id, c.department_id FROM customer c \
                 WHERE c.tenant_id = $1 AND c.id = $3 AND c.version = $4 AND c.status = 'active' AND {reach:c}"
            ),
            args![customer, version],
        )
        .await?;
    let Some(had) = had else { return Ok(false) };
    let rows = tx
        .exec(
            sql!(
                "UPDATE customer SET employee_id = $5, department_id = $6, territory_id = $7, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![customer, version, to.0, to.1, territory],
        )
        .await?;
    if rows == 0 {
        return Ok(false);
    }
    if had.employee_id != Some(to.0) {
        let handover = Handover {
            customer,
            from: had.employee_id,
            from_department: had.department_id,
            to: Some(to.0),
            to_department: to.1,
        };
        keep(tx, &handover, Cause::Territory(division)).await?;
        let changes = json!({ "from": had.employee_id, "to": to.0, "division": division });
        tx.audit("customer.owner", "customer", customer, changes).await?;
    }
    Ok(true)
}
