//! Records by what they answer: the filter of the list, and conditions on answers held against each record that it finds.

use base::Problem;
use custom::{Condition, filter};
use db::{Reader, Result};
use forms::FormSpec;
use uuid::Uuid;

use super::{FormRecordRow, http::whole, sql};
use crate::{TOO_MANY, store};

/// Most records looked through for one answer, and in one file.
pub(super) const MOST: usize = 20_000;
/// Read at once.
const PAGE: i64 = 500;

/// Conditions on the answers to a form, held against its newest version; none without a form.
///
/// # Errors
/// `input.invalid` for what is no condition on a question of the form.
pub(super) async fn conditions(
    r: &mut Reader,
    form: Option<Uuid>,
    asked: Option<&str>,
) -> Result<Vec<Condition>> {
    let spec = match form {
        Some(form) => match store::newest(r, form).await? {
            Some(newest) => store::spec_of(r, form, newest).await?.0,
            None => FormSpec::default(),
        },
        None => FormSpec::default(),
    };
    filter::read("filter", asked, &spec)
}

/// The records after one, newest first, at most `limit`.
///
/// # Errors
/// `form.export_too_many` when more would have to be looked through than one answer may take.
pub(super) async fn some(
    r: &mut Reader,
    asked: &sql::Filter,
    conditions: &[Condition],
    after: Option<(i64, Uuid)>,
    limit: usize,
) -> Result<Vec<FormRecordRow>> {
    let size = if conditions.is_empty() { limit as i64 } else { PAGE };
    let (mut found, mut after, mut seen) = (vec![], after, 0);
    loop {
        let page = sql::list(r, asked, after, size).await?;
        let last = (page.len() as i64) < size;
        seen += page.len();
        for row in page {
            let row = whole(row)?;
            after = Some((row.filled_at.0, row.id));
            if conditions.iter().all(|c| c.holds(&row.answers)) {
                found.push(row);
            }
        }
        if last || found.len() >= limit {
            found.truncate(limit);
            break;
        }
        if seen >= MOST {
            return Err(Problem::new(TOO_MANY));
        }
    }
    Ok(found)
}

/// All of them.
///
/// # Errors
/// `form.export_too_many` beyond [`MOST`].
pub(super) async fn all(
    r: &mut Reader,
    asked: &sql::Filter,
    conditions: &[Condition],
) -> Result<Vec<FormRecordRow>> {
    let found = some(r, asked, conditions, None, MOST + 1).await?;
    if found.len() > MOST { Err(Problem::new(TOO_MANY)) } else { Ok(found) }
}
