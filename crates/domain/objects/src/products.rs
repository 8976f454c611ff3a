//! Products: the records of the company's own object `product`. Forms refer to them by that name alone, so what a product
//! has beside its name is the company's matter.

use base::problem;
use db::{BoxFuture, Query, Reader, Result, Tx};
use formbook::{NameHook, Names};
use forms::Target;
use uuid::Uuid;

use crate::{
    definition,
    records::sql::{self as records, Filter, Sort},
};

/// Key of the object.
pub const PRODUCT: &str = "product";

inventory::submit! { NameHook { to: Target::Product, seen, all } }

fn seen<'a>(r: &'a mut Reader, ids: &'a [Uuid]) -> Names<'a> {
    Box::pin(async move {
        let Some(used) = known(r).await? else { return Ok(vec![]) };
        let mut names = vec![];
        for id in ids {
            let row = records::one(r, used.row.id, used.may.read, *id).await?;
            names.extend(row.map(|row| (*id, called(row.code, row.title))));
        }
        Ok(names)
    })
}

fn all<'a>(tx: &'a mut Tx, ids: &'a [Uuid]) -> BoxFuture<'a, Result<Vec<(Uuid, String)>>> {
    Box::pin(async move {
        let mut names = vec![];
        for id in ids {
            let row = records::any(tx, *id).await?;
            names.extend(row.map(|row| (*id, called(row.code, row.title))));
        }
        Ok(names)
    })
}

fn called(code: String, title: String) -> String {
    if title == code { code } else { format!("{code} {title}") }
}

/// The object, when there is one that the acting person may use.
async fn known(q: &mut impl Query) -> Result<Option<definition::Used>> {
    match definition::used(q, PRODUCT).await {
        Ok(used) => Ok(Some(used)),
        Err(p) if p.code == problem::NOT_FOUND => Ok(None),
        Err(p) => Err(p),
    }
}

/// Products the acting person sees, by number: id and what each is called. None where there is no such object.
///
/// # Errors
/// When the store cannot be read.
pub async fn products(q: &mut impl Query, most: i64) -> Result<Vec<(Uuid, String)>> {
    let Some(used) = known(q).await? else { return Ok(vec![]) };
    let sort = Sort { by: "code", field: None, down: false };
    let rows = records::list(q, used.row.id, used.may.read, &Filter::default(), &sort, None, most).await?;
    Ok(rows.into_iter().map(|row| (row.id, called(row.code, row.title))).collect())
}
