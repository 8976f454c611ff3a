//! Who makes a file, for what it tells of itself.

use api::Caller;
use base::Micros;
use custom::about::About;
use db::{Query, Result};
use jiff::fmt::strtime;
use uuid::Uuid;

use crate::{by_ids, company, department::departments, zone};

/// What a file made now by this caller tells of itself; of a department and all below it, when one was asked for.
pub async fn about(
    q: &mut impl Query,
    caller: &Caller,
    now: Micros,
    department: Option<Uuid>,
) -> Result<About> {
    let company = company(q).await?.name;
    let author = by_ids(q, &[caller.scope.actor()]).await?.pop().map_or(String::new(), |p| p.name);
    let zone = zone(q).await?;
    let made = strtime::format("%Y-%m-%d %H:%M", &now.timestamp().to_zoned(zone)).unwrap_or_default();
    let about = About::new(caller.lang, company, author, made);
    let Some(id) = department else { return Ok(about) };
    // One out of reach has no rows here, and no name.
    let name =
        departments(q).await?.into_iter().find(|d| d.id == id).map_or_else(|| id.to_string(), |d| d.name);
    Ok(about.of("部门（含下级）", "Department and all below", Some(name)))
}
