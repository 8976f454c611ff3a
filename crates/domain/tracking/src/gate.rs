//! The duty gate with a short memory: what holds for a person on a day is asked once and believed for half a
//! minute, or until news come, from this node or another, that people, policies or calendars have changed. A reason
//! against the whole day is believed only for moments, so that nobody is turned away for what has just been changed.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use base::LocalDay;
use db::{Bus, Database, Event, Listener, Query, Result, Scope};
use jiff::tz::TimeZone;
use parking_lot::Mutex;
use tokio::sync::broadcast::error::TryRecvError;
use track::Window;
use uuid::Uuid;

use crate::{
    rules::{DayRule, Refusal},
    sql,
};

const BELIEVED: Duration = Duration::from_secs(30);
const DENIED: Duration = Duration::from_secs(1);
/// Above this many the memory is emptied: it only saves look-ups.
const MOST: usize = 200_000;

type Rules = HashMap<(Uuid, Uuid, LocalDay), (Instant, Arc<DayRule>)>;

/// Kinds of objects that say when and whether somebody may be recorded.
const DECISIVE: [&str; 8] = [
    "employee",
    "location_policy",
    "calendar",
    "company",
    "department",
    "duty_entry",
    "roster",
    "work_shift",
];

/// See the module.
pub(crate) struct Gate {
    rules: Mutex<Rules>,
    zones: Mutex<HashMap<Uuid, (Instant, TimeZone)>>,
    news: Mutex<Listener<Event>>,
}

impl Gate {
    pub fn new(bus: &Bus) -> Gate {
        Gate { rules: Mutex::default(), zones: Mutex::default(), news: Mutex::new(bus.subscribe()) }
    }

    /// Forgets what has changed since the last call. Called before anything remembered is believed, so that a
    /// change holds from the moment it was answered.
    fn hear(&self) {
        let mut news = self.news.lock();
        loop {
            match news.try_recv() {
                Ok(e) if e.topic == "audit" && DECISIVE.iter().any(|kind| e.payload["kind"] == *kind) => {
                    self.rules.lock().retain(|(tenant, _, _), _| *tenant != e.tenant);
                    self.zones.lock().remove(&e.tenant);
                }
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => self.forget(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    /// The company's zone.
    pub async fn zone(&self, db: &Database, tenant: Uuid) -> Result<TimeZone> {
        self.hear();
        if let Some((at, zone)) = self.zones.lock().get(&tenant)
            && at.elapsed() < db.bus().believed(BELIEVED)
        {
            return Ok(zone.clone());
        }
        let mut reader = db.read(&Scope::job("ingest", tenant)).await?;
        let zone = org::zone(&mut reader).await?;
        self.zones.lock().insert(tenant, (Instant::now(), zone.clone()));
        Ok(zone)
    }

    /// What holds for a person on a day.
    pub async fn rule(
        &self,
        db: &Database,
        tenant: Uuid,
        employee: Uuid,
        day: LocalDay,
    ) -> Result<Arc<DayRule>> {
        self.hear();
        let key = (tenant, employee, day);
        if let Some((at, rule)) = self.rules.lock().get(&key) {
            let term = if rule.never.is_some() { DENIED } else { db.bus().believed(BELIEVED) };
            if at.elapsed() < term {
                return Ok(rule.clone());
            }
        }
        let mut reader = db.read(&Scope::job("ingest", tenant)).await?;
        let rule = Arc::new(rule_of(&mut reader, employee, day).await?);
        let mut rules = self.rules.lock();
        if rules.len() > MOST {
            rules.clear();
        }
        rules.insert(key, (Instant::now(), rule.clone()));
        Ok(rule)
    }

    /// Forgets everything: the next reading asks again.
    pub fn forget(&self) {
        self.rules.lock().clear();
        self.zones.lock().clear();
    }
}

/// What holds for a person on a day, asked anew.
pub(crate) async fn rule_of(q: &mut impl Query, employee: Uuid, day: LocalDay) -> Result<DayRule> {
    let person = sql::standing(q, employee).await?;
    let mode = org::policy_of(q, employee).await?.map_or_else(|| "off".to_owned(), |p| p.mode);
    let told = org::duty_day(q, employee, day).await?;
    let never = if person.status != "active" {
        Some(Refusal::Left)
    } else if mode == "off" {
        Some(Refusal::PolicyOff)
    } else if org::retention(q).await?.purged_before.is_some_and(|before| day < before) {
        Some(Refusal::Expired)
    } else {
        None
    };
    Ok(DayRule {
        duty: windows(&told.working),
        leave: windows(&told.leave),
        private: windows(&told.private),
        never,
        department_id: person.department_id,
        mode,
    })
}

/// Working time in the unit of the day engine.
pub fn windows(duty: &[org::Duty]) -> Vec<Window> {
    duty.iter().map(|d| Window::new(d.from.0.div_euclid(1000), d.to.0.div_euclid(1000))).collect()
}
