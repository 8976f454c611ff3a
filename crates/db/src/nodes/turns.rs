//! Who has which company's turn.

use std::{collections::HashMap, sync::Arc, time::Instant};

use parking_lot::Mutex;
use sqlx::{PgPool, Row as _};
use uuid::Uuid;

use super::{ENDED, SURE};
use crate::{Result, tx::problem_of};

/// The store's clock in microseconds.
const NOW: &str = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
/// Beats between two removals of nodes that ended without a word.
const TIDY: u32 = 64;

/// See the module above.
#[derive(Default)]
pub(crate) struct Turns {
    known: Mutex<Known>,
    /// One conversation with the store at a time, so that an older answer never replaces a newer one.
    talk: tokio::sync::Mutex<u32>,
}

#[derive(Default)]
struct Known {
    /// This node was seen then. Absent before the first time, and after the end.
    seen: Option<Instant>,
    ended: bool,
    me: Uuid,
    /// Living nodes, this one included, in order.
    alive: Vec<Uuid>,
    /// Turns of this node, and how much work is under way in each.
    mine: HashMap<Uuid, usize>,
    /// Turns of other nodes.
    theirs: HashMap<Uuid, Uuid>,
}

/// Permission to do what is done once for a company. Given back when dropped.
pub struct Turn(Option<(Arc<Turns>, Uuid)>);

impl Turn {
    pub(super) fn always() -> Turn {
        Turn(None)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some((turns, tenant)) = &self.0
            && let Some(count) = turns.known.lock().mine.get_mut(tenant)
        {
            *count = count.saturating_sub(1);
        }
    }
}

/// The node that should have a company's turn: the same answer on every node, spread evenly, and changed only for the
/// companies of a node that comes or goes (highest random weight).
fn preferred(alive: &[Uuid], tenant: Uuid) -> Option<Uuid> {
    let weight = |node: &Uuid| {
        // SplitMix64 over both names
        let mut x = (node.as_u128() ^ (node.as_u128() >> 64)) as u64;
        x ^= (tenant.as_u128() ^ (tenant.as_u128() >> 64)) as u64;
        for step in [0xbf58_476d_1ce4_e5b9_u64, 0x94d0_49bb_1331_11eb] {
            x = (x.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ (x >> 29)).wrapping_mul(step);
        }
        (x ^ (x >> 32), *node)
    };
    alive.iter().copied().max_by_key(weight)
}

impl Known {
    fn sure(&self) -> bool {
        !self.ended && self.seen.is_some_and(|at| at.elapsed() < SURE)
    }

    /// Begins work in a turn that is held.
    fn begin(&mut self, tenant: Uuid) -> bool {
        let sure = self.sure();
        match self.mine.get_mut(&tenant) {
            Some(count) if sure => {
                *count += 1;
                true
            }
            _ => false,
        }
    }

    /// May this node ask the store for a turn it does not hold?
    fn may_ask(&self, tenant: Uuid) -> bool {
        let held = self.theirs.get(&tenant).is_some_and(|holder| self.alive.contains(holder));
        self.sure() && !held && preferred(&self.alive, tenant) == Some(self.me)
    }
}

impl Turns {
    /// Living nodes but this one.
    pub fn others(&self) -> Vec<Uuid> {
        let known = self.known.lock();
        known.alive.iter().filter(|id| **id != known.me).copied().collect()
    }

    /// Companies whose turn this node has.
    pub fn held(&self) -> Vec<Uuid> {
        let known = self.known.lock();
        if known.sure() { known.mine.keys().copied().collect() } else { vec![] }
    }

    pub fn entered(&self) -> bool {
        self.known.lock().seen.is_some()
    }

    pub fn ended(&self) -> bool {
        self.known.lock().ended
    }

    pub async fn take(self: &Arc<Turns>, pool: &PgPool, tenant: Uuid) -> Result<Option<Turn>> {
        let turn = || Some(Turn(Some((self.clone(), tenant))));
        {
            let mut known = self.known.lock();
            if known.begin(tenant) {
                return Ok(turn());
            }
            if !known.may_ask(tenant) {
                return Ok(None);
            }
        }
        let _talk = self.talk.lock().await;
        let me = self.known.lock().me;
        let text = format!(
            "INSERT INTO turn (tenant_id, holder) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET holder = excluded.holder \
             WHERE turn.holder = excluded.holder \
             OR NOT EXISTS (SELECT 1 FROM node n WHERE n.id = turn.holder AND n.seen_at > {NOW} - {ENDED})"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(text)).bind(tenant).bind(me).execute(pool).await;
        let taken = done.map_err(|e| problem_of(e, "turn"))?.rows_affected() > 0;
        let mut known = self.known.lock();
        if taken {
            known.theirs.remove(&tenant);
            known.mine.entry(tenant).or_default();
        }
        Ok((taken && known.begin(tenant)).then(turn).flatten())
    }

    /// Says that this node lives, learns who else does and who has which turn, and hands over what another should have.
    pub async fn beat(&self, pool: &PgPool, me: Uuid) -> Result<()> {
        let fail = |e| problem_of(e, "node");
        let mut beats = self.talk.lock().await;
        if self.ended() {
            return Ok(());
        }
        // Before the question: the store's clock reads later than this.
        let asked = Instant::now();
        let text = format!(
            "INSERT INTO node (id, seen_at) VALUES ($1, {NOW}) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
        );
        sqlx::query(sqlx::AssertSqlSafe(text)).bind(me).execute(pool).await.map_err(fail)?;
        if beats.is_multiple_of(TIDY) {
            let text = format!("DELETE FROM node WHERE seen_at < {NOW} - 10 * {ENDED}");
            sqlx::query(sqlx::AssertSqlSafe(text)).execute(pool).await.map_err(fail)?;
        }
        *beats = beats.wrapping_add(1);
        let text = format!("SELECT id FROM node WHERE seen_at > {NOW} - {ENDED} ORDER BY id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(pool).await.map_err(fail)?;
        let alive: Vec<Uuid> = rows.iter().filter_map(|r| r.try_get(0).ok()).collect();
        let rows = sqlx::query("SELECT tenant_id, holder FROM turn").fetch_all(pool).await.map_err(fail)?;
        let held: Vec<(Uuid, Uuid)> =
            rows.iter().filter_map(|r| Some((r.try_get(0).ok()?, r.try_get(1).ok()?))).collect();
        let away = self.known.lock().learn(me, asked, alive, &held);
        for (tenant, to) in away {
            sqlx::query("UPDATE turn SET holder = $3 WHERE tenant_id = $1 AND holder = $2")
                .bind(tenant)
                .bind(me)
                .bind(to)
                .execute(pool)
                .await
                .map_err(fail)?;
        }
        Ok(())
    }

    /// Gives everything back.
    pub async fn end(&self, pool: &PgPool, me: Uuid) -> Result<()> {
        let fail = |e| problem_of(e, "node");
        let _talk = self.talk.lock().await;
        {
            let mut known = self.known.lock();
            known.ended = true;
            known.mine.clear();
        }
        sqlx::query("DELETE FROM turn WHERE holder = $1").bind(me).execute(pool).await.map_err(fail)?;
        sqlx::query("DELETE FROM node WHERE id = $1").bind(me).execute(pool).await.map_err(fail)?;
        Ok(())
    }
}

impl Known {
    /// Takes over what the store says; answers the turns to hand over, which are no longer used from here on.
    fn learn(
        &mut self,
        me: Uuid,
        asked: Instant,
        alive: Vec<Uuid>,
        held: &[(Uuid, Uuid)],
    ) -> Vec<(Uuid, Uuid)> {
        let under_way = std::mem::take(&mut self.mine);
        let count = |tenant: &Uuid| under_way.get(tenant).copied().unwrap_or(0);
        let mine = held.iter().filter(|(_, holder)| *holder == me);
        self.mine = mine.map(|(tenant, _)| (*tenant, count(tenant))).collect();
        self.theirs = held.iter().filter(|(_, holder)| *holder != me).copied().collect();
        (self.me, self.seen, self.alive) = (me, Some(asked), alive);
        let mut away = vec![];
        for (tenant, count) in &self.mine {
            match preferred(&self.alive, *tenant) {
                Some(other) if other != me && *count == 0 => away.push((*tenant, other)),
                _ => {}
            }
        }
        for (tenant, other) in &away {
            self.mine.remove(tenant);
            self.theirs.insert(*tenant, *other);
        }
        away
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_spread_and_stay_when_another_node_ends() {
        let nodes: Vec<Uuid> = (0..4).map(|_| base::id::new_v7()).collect();
        let tenants: Vec<Uuid> = (0..4000).map(|_| base::id::new_v7()).collect();
        let with: Vec<Uuid> = tenants.iter().filter_map(|t| preferred(&nodes, *t)).collect();
        for node in &nodes {
            let share = with.iter().filter(|n| *n == node).count();
            assert!((800..1200).contains(&share), "an even share: {share}");
        }
        let rest = &nodes[1..];
        let without = tenants.iter().filter_map(|t| preferred(rest, *t));
        let moved = with.iter().zip(without).filter(|(a, b)| **a != *b).count();
        assert_eq!(moved, with.iter().filter(|n| **n == nodes[0]).count(), "only what the ended node had");
    }

    #[test]
    fn work_under_way_is_not_handed_over() {
        let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let tenant = (0..).map(Uuid::from_u128).find(|t| preferred(&[me, other], *t) == Some(other));
        let tenant = tenant.unwrap_or_default();
        let mut known = Known::default();
        known.learn(me, Instant::now(), vec![me], &[(tenant, me)]);
        assert!(known.begin(tenant));
        assert_eq!(known.learn(me, Instant::now(), vec![me, other], &[(tenant, me)]), []);
        known.mine.insert(tenant, 0);
        assert_eq!(known.learn(me, Instant::now(), vec![me, other], &[(tenant, me)]), [(tenant, other)]);
        assert!(!known.begin(tenant));
    }

    #[test]
    fn a_node_that_was_not_seen_lately_does_nothing() {
        let (me, tenant) = (Uuid::from_u128(1), Uuid::from_u128(9));
        let mut known = Known::default();
        known.learn(me, Instant::now(), vec![me], &[(tenant, me)]);
        assert!(known.begin(tenant));
        known.seen = Instant::now().checked_sub(SURE);
        assert!(!known.begin(tenant) && !known.may_ask(tenant));
    }
}
