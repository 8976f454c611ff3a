//! While another node is not heard: its kept news, read from the store every second for the companies that somebody
//! looks at here.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::{Database, Event, Query, Result, Scope, args, sql};

/// Numbers are given before the commit, so a lower one may be seen later than a higher one: so many are read again.
const OVERLAP: i64 = 256;
/// Most news of one company in one round; the rest comes with the next.
const ROUND: i64 = 1000;

crate::row! { struct Last { seq: Option<i64> } }
crate::row! { struct Kept { seq: i64, topic: String, employee_id: Uuid, department_id: Uuid, payload: String } }

/// How far each company was read.
#[derive(Default)]
pub(super) struct Polled(HashMap<Uuid, Reading>);

struct Reading {
    from: i64,
    known: HashSet<i64>,
}

impl Polled {
    pub async fn catch_up(&mut self, db: &Database) -> Result<()> {
        for tenant in db.bus().watched() {
            let mut reader = db.read(&Scope::job("nodes", tenant)).await?;
            let Some(so_far) = self.0.get_mut(&tenant) else {
                // What came before, viewers were told to load anew.
                let last: Option<Last> = reader
                    .one(sql!("SELECT MAX(seq) AS seq FROM outbox WHERE tenant_id = $1"), args![])
                    .await?;
                let from = last.and_then(|l| l.seq).unwrap_or(0);
                let before = kept(&mut reader, from - OVERLAP).await?;
                let known = before.iter().map(|k| k.seq).collect();
                self.0.insert(tenant, Reading { from, known });
                before.into_iter().filter(|k| k.seq > from).for_each(|k| publish(db, tenant, k));
                continue;
            };
            let rows = kept(&mut reader, so_far.from - OVERLAP).await?;
            drop(reader);
            for row in rows {
                so_far.from = so_far.from.max(row.seq);
                if so_far.known.insert(row.seq) {
                    publish(db, tenant, row);
                }
            }
            let oldest = so_far.from - 2 * OVERLAP;
            so_far.known.retain(|seq| *seq > oldest);
        }
        Ok(())
    }
}

async fn kept(q: &mut impl Query, after: i64) -> Result<Vec<Kept>> {
    q.all(
        sql!(
            "SELECT seq, topic, employee_id, department_id, payload FROM outbox \
             WHERE tenant_id = $1 AND seq > $3 ORDER BY seq LIMIT $4"
        ),
        args![after, ROUND],
    )
    .await
}

fn publish(db: &Database, tenant: Uuid, row: Kept) {
    if db.bus().told(row.seq) {
        return;
    }
    let Ok(payload) = serde_json::from_str(&row.payload) else { return };
    db.bus().publish_here(Event {
        seq: Some(row.seq),
        tenant,
        topic: row.topic,
        employee_id: row.employee_id,
        department_id: row.department_id,
        payload: std::sync::Arc::new(payload),
    });
}
