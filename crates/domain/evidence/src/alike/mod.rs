//! Photos that look like photos of earlier visits: every photo is kept by its likeness ([`picture::Print`]) and compared, in the
//! darkroom, with what shares a band with it. Over the whole company, whoever took them.

mod sql;

use std::collections::HashMap;

use base::{Micros, Problem};
use db::{Database, Query, Result, Scope, Tx};
use picture::{Likeness, Look, Print};
use uuid::Uuid;

pub(crate) use sql::erase;
pub use sql::{alike_examined, newly_alike};

/// Photos laid on each other, those that share most bands first.
const MOST: usize = 200;

/// A photo beside an earlier one it looks like.
#[derive(Debug, Clone)]
pub struct Alike {
    pub photo_id: Uuid,
    pub earlier_id: Uuid,
    pub earlier_visit: Uuid,
    pub earlier_customer: Uuid,
    pub earlier_at: Micros,
    /// 0 to 1.
    pub likeness: f64,
    pub mirrored: bool,
    /// How much of a side one of them lacks, 0 to 1.
    pub cropped: f64,
}

/// A photo of a visit, and when it was taken.
#[derive(Debug, Clone, Copy)]
struct Taken {
    photo: Uuid,
    visit: Uuid,
    person: Uuid,
    /// Between which moments, for certain.
    between: (Micros, Micros),
    /// As its phone says.
    said: Micros,
}

impl Taken {
    fn new(photo: Uuid, row: &sql::PlaceRow) -> Taken {
        let from = row.not_before.unwrap_or(row.visit_from);
        let to = row.not_after.unwrap_or(row.noted_at);
        let (visit, person, said) = (row.visit_id, row.employee_id, row.taken_at);
        Taken { photo, visit, person, between: (from, to), said }
    }

    /// Was it taken before another? `None`: nobody knows, and neither of the two people is asked for a word. Receipt says
    /// nothing: whoever had no network is heard last. For photos of one person his own word is enough.
    fn before(&self, other: &Taken) -> Option<bool> {
        if self.person == other.person {
            return Some((self.said, self.photo) < (other.said, other.photo));
        }
        if self.between.1 <= other.between.0 {
            Some(true)
        } else if other.between.1 <= self.between.0 {
            Some(false)
        } else {
            None
        }
    }
}

/// Keeps a developed photo by its likeness and notes what it resembles. Answers whether there is any.
pub(crate) async fn compare(db: &Database, tenant: Uuid, photo: Uuid, look: Look) -> Result<bool> {
    let scope = Scope::job("darkroom", tenant);
    let mut r = db.read(&scope).await?;
    let Some(own) = sql::place(&mut r, photo).await? else { return Ok(false) };
    let own = Taken::new(photo, &own);
    let mut shared: HashMap<Uuid, usize> = HashMap::new();
    for bands in look.probes().chunks(sql::ASKED) {
        for other in sql::under(&mut r, bands).await? {
            *shared.entry(other).or_default() += 1;
        }
    }
    let mut near: Vec<(Uuid, usize)> = shared.into_iter().filter(|(id, _)| *id != photo).collect();
    near.sort_by_key(|(id, bands)| (std::cmp::Reverse(*bands), *id));
    near.truncate(MOST);
    let mut kept = vec![];
    for (id, _) in near {
        let Some(row) = sql::place(&mut r, id).await?.filter(|row| row.visit_id != own.visit) else {
            continue;
        };
        if let Some(print) = sql::cells(&mut r, id).await?.and_then(Print::from_bytes) {
            kept.push((Taken::new(id, &row), print));
        }
    }
    drop(r);
    let laid = move || {
        let found: Vec<(Taken, Likeness)> = kept
            .into_iter()
            .filter_map(|(other, print)| look.compare(&print).map(|likeness| (other, likeness)))
            .collect();
        (look.print(), found)
    };
    let (print, found) = tokio::task::spawn_blocking(laid).await.map_err(Problem::internal)?;
    let any = !found.is_empty();
    db.write(&scope, move |tx| Box::pin(async move { keep(tx, own, &print, &found).await })).await?;
    Ok(any)
}

async fn keep(tx: &mut Tx, own: Taken, print: &Print, found: &[(Taken, Likeness)]) -> Result<()> {
    if sql::insert_print(tx, own.photo, own.visit, own.person, print.bytes()).await? {
        for band in print.bands() {
            sql::insert_band(tx, band, own.photo).await?;
        }
    }
    for (other, likeness) in found {
        // The later of the two is the one that needs a word.
        let Some(first) = own.before(other) else { continue };
        let (later, earlier) = if first { (other, &own) } else { (&own, other) };
        let thousandths = |v: f64| (v * 1000.0).round() as i64;
        let pair = sql::NewPair {
            photo_id: later.photo,
            earlier_id: earlier.photo,
            visit_id: later.visit,
            earlier_visit: earlier.visit,
            likeness: thousandths(likeness.value),
            mirrored: likeness.mirrored,
            cropped: thousandths(likeness.cropped.max(0.0)),
        };
        sql::insert_pair(tx, &pair).await?;
    }
    Ok(())
}

/// Photos of a visit that look like earlier ones, most alike first. Whatever the reach: the caller has checked, or is a job.
///
/// # Errors
/// When the store cannot be read.
pub async fn alike(q: &mut impl Query, visit: Uuid) -> Result<Vec<Alike>> {
    let thousand = |v: i64| v as f64 / 1000.0;
    let shown = |p: sql::PairRow| Alike {
        photo_id: p.photo_id,
        earlier_id: p.earlier_id,
        earlier_visit: p.earlier_visit,
        earlier_customer: p.earlier_customer,
        earlier_at: p.earlier_at,
        likeness: thousand(p.likeness),
        mirrored: p.mirrored,
        cropped: thousand(p.cropped),
    };
    Ok(sql::pairs(q, visit).await?.into_iter().map(shown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(person: u128, between: (i64, i64), said: i64) -> Taken {
        let photo = Uuid::from_u128(said as u128);
        let (between, said) = ((Micros(between.0), Micros(between.1)), Micros(said));
        Taken { photo, visit: photo, person: Uuid::from_u128(person), between, said }
    }

    #[test]
    fn whoever_had_no_network_is_not_blamed_for_being_heard_last() {
        // Taken at nine and sealed then, received in the evening; the copy came at ten.
        let (original, copy) = (taken(1, (900, 901), 900), taken(2, (950, 1_000), 960));
        assert_eq!((original.before(&copy), copy.before(&original)), (Some(true), Some(false)));
        // Without a seal all that is known of the first is that it came in the evening: nobody is asked.
        let open = taken(1, (800, 1_800), 900);
        assert_eq!((open.before(&copy), copy.before(&open)), (None, None));
        // One person's two visits of a day without a network: his own order.
        let again = taken(1, (800, 1_800), 960);
        assert_eq!((open.before(&again), again.before(&open)), (Some(true), Some(false)));
    }
}
