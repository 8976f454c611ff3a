//! What a person may demand: everything that is stored about him, and that it is gone.

mod http;

pub(crate) use http::routes;

use api::Kit;
use base::{Micros, Problem};
use db::{Result, Scope, Tx, args, sql};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Insight;

/// Everything stored about a person, as one JSON text: every row of his, every position, the names of the columns as they are in
/// the store. Pictures are named with their hash; their bytes come from `/photos`.
pub(crate) async fn everything(insight: &Insight, tenant: Uuid, person: Uuid) -> Result<Vec<u8>> {
    let mut reader = insight.db().read(&Scope::job("rights", tenant)).await?;
    let company = org::company(&mut reader).await?;
    let rows = reader.rows_of_person(person).await?;
    let days: Vec<Value> = tracking::all_readings(&mut reader, person)
        .await?
        .into_iter()
        .map(|(day, readings)| json!({ "day": day, "positions": readings.iter().map(position).collect::<Vec<_>>() }))
        .collect();
    let all = json!({
        "format": "tashi-person-1",
        "company": company.name,
        "time_zone": company.time_zone,
        "exported_at": insight.db().now(),
        "rows": rows,
        "days": days,
    });
    serde_json::to_vec(&all).map_err(Problem::internal)
}

fn position(r: &tracking::reading::Reading) -> Value {
    let at = r.place().map(|p| [(p.lng() * 1e7).round() / 1e7, (p.lat() * 1e7).round() / 1e7]);
    json!({
        "t": Micros(r.t_ms.saturating_mul(1000)),
        "at": at,
        "accuracy_m": r.acc_dm.map(|v| f64::from(v) / 10.0),
        "speed_mps": r.speed_cms.map(|v| f64::from(v) / 100.0),
        "bearing_deg": r.bearing_dd.map(|v| f64::from(v) / 10.0),
        "battery": r.battery,
        "mock": r.mock,
        "source": r.source,
    })
}

/// Erases a person who has left: positions, ledger, trackers, sign-in, name, number and phone, the coordinates of his visits, what
/// was measured and said in findings about him, and if wished his photos. Visits, tasks and figures stay as the company's records under no name. The trail keeps that it
/// was done, by whom and how much.
///
/// # Errors
/// See [`org::erase_person`].
pub(crate) async fn erase(
    insight: &Insight,
    kit: &Kit,
    scope: &Scope,
    person: Uuid,
    name: String,
    photos: bool,
) -> Result<()> {
    let files = kit
        .db
        .write(scope, move |tx| {
            Box::pin(async move {
                org::erase_person(tx, person, &name).await?;
                let gone = tracking::erase(tx, person).await?;
                let visits = work::visits::erase_places(tx, person).await?;
                work::forget_feed(tx, person).await?;
                work::changes::erase(tx, person).await?;
                notify::erase(tx, person).await?;
                truth::erase(tx, person).await?;
                devices::erase(tx, person).await?;
                dispatch::erase(tx, person).await?;
                service::erase(tx, person).await?;
                territories::erase(tx, person).await?;
                formbook::erase(tx, person).await?;
                approvals::erase(tx, person).await?;
                objects::erase(tx, person).await?;
                attendance::erase(tx, person).await?;
                knowledge::erase(tx, person).await?;
                work::practice::erase(tx, person).await?;
                forget(tx, person).await?;
                let files = if photos { evidence::erase(tx, person).await? } else { vec![] };
                let counts = json!({
                    "batches": gone.batches, "segments": gone.segments, "ledger": gone.ledger, "trackers": gone.trackers,
                    "visits": visits, "photos": files.len(),
                });
                tx.audit("person.erased", "employee", person, counts).await?;
                Ok(files)
            })
        })
        .await?;
    insight.tracking().forget(scope.tenant()).await;
    evidence::delete_files(kit, scope.tenant(), &files).await
}

/// Removes news about a person, and what the company's log holds of him in clear. The log's hashes stay, so that it
/// can still be checked.
async fn forget(tx: &mut Tx, person: Uuid) -> Result<()> {
    tx.exec(sql!("DELETE FROM outbox WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    let log =
        sql!("UPDATE log_entry SET salt = NULL, record = NULL WHERE tenant_id = $1 AND employee_id = $3");
    tx.exec(log, args![person]).await?;
    Ok(())
}
