//! Equipment that answers of forms refer to: what it is called, and which there is to choose from.

use base::problem;
use db::{BoxFuture, Query, Reader, Result, Tx};
use formbook::{NameHook, Names};
use forms::Target;
use uuid::Uuid;

use super::sql::{self, EquipmentRow};

inventory::submit! { NameHook { to: Target::Equipment, seen, all } }

fn seen<'a>(r: &'a mut Reader, ids: &'a [Uuid]) -> Names<'a> {
    Box::pin(async move {
        let mut names = vec![];
        for id in ids {
            match sql::one(r, *id).await {
                Ok(row) => names.push((*id, called(&row))),
                Err(p) if p.code == problem::NOT_FOUND => {}
                Err(p) => return Err(p),
            }
        }
        Ok(names)
    })
}

fn all<'a>(tx: &'a mut Tx, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<(Uuid, String)>>> {
    Box::pin(async move {
        let mut names = vec![];
        for id in ids {
            names.extend(sql::of_company(tx, *id).await?.map(|row| (*id, called(&row))));
        }
        Ok(names)
    })
}

/// Its number and name: two pumps of one customer have one name.
fn called(row: &EquipmentRow) -> String {
    format!("{} {}", row.code, row.name)
}

/// Equipment in reach that is not scrapped, by number: its id, what it is called, and whose it is.
pub async fn choices(q: &mut impl Query, most: i64) -> Result<Vec<(Uuid, String, Uuid)>> {
    let rows = sql::list(q, &sql::Filter::default(), None, most).await?;
    let used = rows.into_iter().filter(|row| row.status != "scrapped");
    Ok(used.map(|row| (row.id, called(&row), row.customer_id)).collect())
}
