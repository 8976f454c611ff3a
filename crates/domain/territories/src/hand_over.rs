//! What was planned before a take-over follows the customers: by a click, never by itself.

use std::collections::{BTreeSet, HashMap};

use api::{Checks, Kit};
use base::{Problem, problem};
use db::{Result, Scope};
use uuid::Uuid;
use work::{Handed, Occasion};

use crate::{
    NOT_TAKEN, STALE, division,
    model::{Division, Planned},
    sql,
};

/// Most visits of one click.
const MOST: usize = 200;

/// Hands planned visits, by id and version, to who has their customers now.
///
/// # Errors
/// `territory.not_taken` before the take-over; `territory.stale` for a visit that is none of those offered any more;
/// `board.stale` when it or a plan was changed in this moment.
pub async fn hand_over(kit: &Kit, scope: &Scope, id: Uuid, tasks: &[(Uuid, i64)]) -> Result<Division> {
    let mut checks = Checks::new();
    let mut seen = BTreeSet::new();
    checks.that("tasks", (1..=MOST).contains(&tasks.len()));
    for (k, (task, _)) in tasks.iter().enumerate() {
        if !seen.insert(*task) {
            checks.fault(&format!("tasks[{k}].task_id"), problem::DUPLICATE_VALUE);
        }
    }
    checks.done()?;
    let before = shown(kit, scope, id).await?;
    if before.status != "taken" {
        return Err(Problem::new(NOT_TAKEN));
    }
    let offered: HashMap<Uuid, &Planned> =
        before.planned.iter().filter(|p| !p.stays).map(|p| (p.task_id, p)).collect();
    let mut handed = vec![];
    for (task, version) in tasks {
        let Some(planned) = offered.get(task) else {
            let known = before.planned.iter().find(|p| p.task_id == *task);
            let name = known.map_or("–", |p| p.customer.name.as_str());
            return Err(Problem::new(STALE).with("count", 1).with("name", name));
        };
        handed.push(Handed { task: *task, version: *version, to: planned.to.id, day: None });
    }
    let occasion = Occasion { action: "territory.hand_over", subject: "territory_division", id };
    work::hand_over(kit, scope, &handed, occasion).await?;
    shown(kit, scope, id).await
}

async fn shown(kit: &Kit, scope: &Scope, id: Uuid) -> Result<Division> {
    let mut r = kit.db.read(scope).await?;
    let row = sql::division(&mut r, id).await?;
    let today = kit.now().local_day(&org::zone(&mut r).await?);
    division::shown(&mut r, row, today).await
}
