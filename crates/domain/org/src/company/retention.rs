//! How long positions are kept. The company decides; nothing is deleted before it has.

use api::{Access, Answer, Caller, Checks, Json, Kit, Routes, axum, ok, routes};
use axum::extract::State;
use base::LocalDay;
use db::{Permission, Query, Result, Tx, args, sql};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub(super) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(read))
        .at(Access::May(Permission::CompanyWrite), routes!(change))
}

/// How long positions are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Retention {
    /// Days; null: until somebody decides.
    pub positions_days: Option<i64>,
    /// Positions of days before this one have been deleted.
    #[schema(value_type = Option<String>, format = Date)]
    pub purged_before: Option<LocalDay>,
}

db::row! { struct RetentionRow { keep_days: Option<i64>, purged_before: Option<LocalDay> } }

/// What the caller's company has decided.
pub async fn retention(q: &mut impl Query) -> Result<Retention> {
    let row: RetentionRow =
        q.must(sql!("SELECT keep_days, purged_before FROM tenant WHERE tenant_id = $1"), vec![]).await?;
    Ok(Retention { positions_days: row.keep_days, purged_before: row.purged_before })
}

/// Notes that positions of days before this one are gone; it never goes back.
pub async fn set_purged(tx: &mut Tx, before: LocalDay) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE tenant SET purged_before = $3 WHERE tenant_id = $1 AND (purged_before IS NULL OR purged_before < $3)"
        ),
        args![before],
    )
    .await
}

/// The shortest and the longest time that can be chosen, days. A month must stay whole until it is paid.
const DAYS: std::ops::RangeInclusive<i64> = 62..=3660;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRetention {
    /// Days, 62 to 3660; null: nothing is deleted.
    positions_days: Option<i64>,
}

#[utoipa::path(get, path = "/company/retention", tag = "company", responses((status = 200, body = Retention)))]
async fn read(State(kit): State<Kit>, caller: Caller) -> Answer<Retention> {
    ok(retention(&mut kit.db.read(&caller.scope).await?).await?)
}

/// Decides how long positions are kept. What is older is deleted within minutes, for good, and the deletion stands in the
/// audit trail; figures of days stay.
#[utoipa::path(put, path = "/company/retention", tag = "company", request_body = NewRetention, responses((status = 200, body = Retention), (status = 422, body = api::ProblemDocument)))]
async fn change(State(kit): State<Kit>, caller: Caller, Json(new): Json<NewRetention>) -> Answer<Retention> {
    Checks::new().that("positions_days", new.positions_days.is_none_or(|d| DAYS.contains(&d))).done()?;
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                tx.exec(
                    sql!("UPDATE tenant SET keep_days = $3 WHERE tenant_id = $1"),
                    args![new.positions_days],
                )
                .await?;
                let tenant = tx.tenant();
                tx.audit(
                    "company.retention",
                    "company",
                    tenant,
                    json!({ "positions_days": new.positions_days }),
                )
                .await?;
                retention(tx).await
            })
        })
        .await?;
    ok(changed)
}
