//! Writing the ledger. The first look of a reader within an hour is written at once; on the live map, where
//! the same look repeats every second, the following ones are counted in memory and added a little later.
//!
//! A line that begins also goes into the company's log, in the same transaction: that somebody looked cannot be taken out
//! again unseen, and a screen that asks every second is one entry an hour for all people on it.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{LocalDay, Micros};
use db::{Database, LogEntry, Result, Scope, Tx};
use jiff::tz::TimeZone;
use parking_lot::Mutex;
use serde_json::json;
use uuid::Uuid;

use super::{Looked, sql};

/// What tells one line from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Line {
    pub tenant: Uuid,
    pub employee: Uuid,
    pub reader: Uuid,
    pub what: Looked,
    /// Hours since 1970.
    pub hour: i64,
    /// The day looked at.
    pub day: LocalDay,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Book {
    begun: Mutex<HashSet<Line>>,
    pending: Mutex<HashMap<Line, (LocalDay, i64)>>,
}

impl Book {
    /// Writes that `reader` looks at people now. Looking at oneself, and jobs of the server, are no reading
    /// by others.
    ///
    /// # Errors
    /// When the line cannot be stored: then nothing may be shown.
    pub async fn look(
        &self,
        db: &Database,
        reader: &Scope,
        zone: &TimeZone,
        what: Looked,
        people: impl IntoIterator<Item = Uuid>,
        day: LocalDay,
    ) -> Result<()> {
        if reader.job_name().is_some() {
            return Ok(());
        }
        let now = db.now();
        let line = |employee| Line {
            tenant: reader.tenant(),
            employee,
            reader: reader.actor(),
            what,
            hour: now.0.div_euclid(Micros::HOUR),
            day,
        };
        let mut lines: Vec<Line> = people.into_iter().filter(|p| *p != reader.actor()).map(line).collect();
        let read_on = now.local_day(zone);
        if what == Looked::Live {
            let begun = self.begun.lock();
            let mut pending = self.pending.lock();
            lines.retain(|line| {
                let known = begun.contains(line);
                if known {
                    pending.entry(*line).or_insert((read_on, 0)).1 += 1;
                }
                !known
            });
        }
        if lines.is_empty() {
            return Ok(());
        }
        // One order for all writers, so that two of them never wait for each other.
        lines.sort_unstable();
        lines.dedup();
        let stored = lines.clone();
        db.write(reader, move |tx| {
            Box::pin(async move {
                let lines: Vec<_> = stored.into_iter().map(|line| (line, read_on, 1)).collect();
                write(tx, &lines).await
            })
        })
        .await?;
        if what == Looked::Live {
            self.begun.lock().extend(lines);
        }
        Ok(())
    }

    /// Adds what was counted in memory; of one company, or of all.
    pub async fn store_pending(&self, db: &Database, only: Option<Uuid>) -> Result<()> {
        let mut companies: HashMap<Uuid, Vec<(Line, LocalDay, i64)>> = HashMap::new();
        self.pending.lock().retain(|line, (read_on, count)| {
            let take = only.is_none_or(|tenant| tenant == line.tenant);
            if take {
                companies.entry(line.tenant).or_default().push((*line, *read_on, *count));
            }
            !take
        });
        for (tenant, mut lines) in companies {
            lines.sort_unstable_by_key(|l| l.0);
            let stored = lines.clone();
            let written = db
                .write(&Scope::job("ledger", tenant), move |tx| {
                    Box::pin(async move { write(tx, &stored).await })
                })
                .await;
            if let Err(problem) = written {
                let mut pending = self.pending.lock();
                for (line, read_on, count) in lines {
                    pending.entry(line).or_insert((read_on, 0)).1 += count;
                }
                return Err(problem);
            }
        }
        let hour = db.now().0.div_euclid(Micros::HOUR);
        self.begun.lock().retain(|line| line.hour >= hour);
        Ok(())
    }
}

/// Writes that whoever runs the server looks at people, by a command on it. He stands there under the nil id.
///
/// # Errors
/// When the line cannot be stored: then nothing may be shown.
pub(crate) async fn looked_on_server(
    db: &Database,
    scope: &Scope,
    zone: &TimeZone,
    what: Looked,
    people: &[Uuid],
    day: LocalDay,
) -> Result<()> {
    let now = db.now();
    let (tenant, hour, read_on) = (scope.tenant(), now.0.div_euclid(Micros::HOUR), now.local_day(zone));
    let line = |employee: &Uuid| Line { tenant, employee: *employee, reader: Uuid::nil(), what, hour, day };
    let lines: Vec<_> = people.iter().map(|p| (line(p), read_on, 1)).collect();
    db.write(scope, move |tx| Box::pin(async move { write(tx, &lines).await })).await
}

/// Writes lines, each with the day it is read on and how many looks it is.
async fn write(tx: &mut Tx, lines: &[(Line, LocalDay, i64)]) -> Result<()> {
    // Looks that are alike in all but the person looked at are one entry of the log.
    let mut begun: BTreeMap<(Uuid, Looked, i64, LocalDay), Vec<Uuid>> = BTreeMap::new();
    for (line, read_on, count) in lines {
        if sql::add(tx, line, *read_on, *count).await? {
            begun.entry((line.reader, line.what, line.hour, line.day)).or_default().push(line.employee);
        }
    }
    for ((reader, what, hour, day), people) in begun {
        let from = Micros(hour * Micros::HOUR);
        tx.log(LogEntry {
            kind: "location.read".into(),
            subject: reader,
            employee: Uuid::nil(),
            department: Uuid::nil(),
            record: json!({ "reader": reader, "what": what, "hour": from, "day": day, "people": people }),
            files: vec![],
        });
    }
    Ok(())
}

/// Writes that somebody is told where a person came or went, in the transaction of the telling. Oneself is no
/// reader.
///
/// # Errors
/// When the line cannot be stored: then nothing may be told.
pub async fn told(tx: &mut Tx, reader: Uuid, employee: Uuid, day: LocalDay) -> Result<()> {
    if reader == employee {
        return Ok(());
    }
    let hour = tx.now().0.div_euclid(Micros::HOUR);
    let line = Line { tenant: tx.tenant(), employee, reader, what: Looked::Fence, hour, day };
    // Told at once: the day it is read on is the day it is about, or just after midnight the one before.
    write(tx, &[(line, day, 1)]).await
}
