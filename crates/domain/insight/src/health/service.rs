//! Composing the health of people's records: what is cheap for everybody, the day engine for those who are shown.

use std::collections::HashMap;

use base::{LocalDay, Micros};
use db::{Result, Scope};
use futures::{StreamExt, TryStreamExt};
use org::{Duty, Person};
use track::GapKind;
use tracking::{Latest, Refusal};
use uuid::Uuid;

use super::{Advice, Missing, Refused, TrackingHealth, rules};
use crate::{Insight, day};

/// How many days are made at the same time: as many as a small machine has cores.
const AT_ONCE: usize = 2;

/// What is known of everybody's phone on a day without computing it.
pub(super) struct Facts {
    day: LocalDay,
    today: LocalDay,
    now: Micros,
    latest: HashMap<Uuid, Latest>,
    refused: HashMap<Uuid, Refused>,
    trackers: HashMap<Uuid, i64>,
    consents: HashMap<Uuid, Micros>,
}

/// A person who is to be recorded on the day, with what is known at once.
pub(super) struct Candidate {
    pub person: Person,
    mode: String,
    tracked: bool,
    duty: Vec<Duty>,
    pub advice: Vec<Advice>,
}

impl Facts {
    pub async fn of(insight: &Insight, tenant: Uuid, day: LocalDay) -> Result<Facts> {
        let now = insight.db().now();
        let today = now.local_day(&insight.tracking().zone(tenant).await?);
        let latest =
            if day == today { insight.tracking().latest(tenant, today).await? } else { HashMap::new() };
        let mut reader = insight.db().read(&Scope::job("day", tenant)).await?;
        let mut refused: HashMap<Uuid, Refused> = HashMap::new();
        for (person, reason, count) in tracking::refused_by_reason(&mut reader, day).await? {
            let of = refused.entry(person).or_default();
            match reason {
                // not to be recorded at that time, whatever made it so
                Refusal::OffDuty | Refusal::Leave | Refusal::Private | Refusal::Expired => {
                    of.off_duty += count
                }
                Refusal::PolicyOff => of.policy_off += count,
                Refusal::Left => of.left += count,
                Refusal::BadTime => of.bad_time += count,
            }
        }
        let trackers = tracking::trackers_in_use(&mut reader).await?;
        let consents = org::consents(&mut reader).await?;
        Ok(Facts { day, today, now, latest, refused, trackers, consents })
    }

    /// A person and what can be said at once; nobody when there is nothing to be recorded or told.
    pub async fn candidate(
        &self,
        insight: &Insight,
        tenant: Uuid,
        person: Person,
    ) -> Result<Option<Candidate>> {
        let rule = insight.tracking().rule(tenant, person.id, self.day).await?;
        let tracked = !matches!(rule.never, Some(Refusal::PolicyOff | Refusal::Left));
        let micros = |ms: i64| Micros(ms.saturating_mul(1000));
        let duty: Vec<Duty> =
            rule.duty.iter().map(|w| Duty { from: micros(w.from_ms), to: micros(w.to_ms) }).collect();
        let refused = self.refused.get(&person.id).copied().unwrap_or_default();
        let concerns = (tracked && !duty.is_empty())
            || refused != Refused::default()
            || self.trackers.contains_key(&person.id);
        if !concerns {
            return Ok(None);
        }
        let mut found = Candidate { person, mode: rule.mode.clone(), tracked, duty, advice: vec![] };
        found.advice = rules::advice(&self.rule_facts(&found, Missing::default(), self.heard(&found).0));
        Ok(Some(found))
    }

    /// When the phone was last heard within working time, and when it last placed itself; today only.
    fn heard(&self, c: &Candidate) -> (Option<Micros>, Option<Micros>) {
        let latest = self.latest.get(&c.person.id).filter(|_| c.tracked);
        let today = latest.filter(|l| c.duty.first().is_some_and(|d| l.heard_at >= d.from));
        (today.map(|l| l.heard_at), today.and_then(|l| l.fix_at))
    }

    fn rule_facts(&self, c: &Candidate, missing: Missing, heard_at: Option<Micros>) -> rules::Facts {
        let latest = self.latest.get(&c.person.id).filter(|_| heard_at.is_some());
        let past = self.day < self.today;
        let shift = c.duty.iter().find(|d| d.from <= self.now && self.now < d.to);
        rules::Facts {
            now: self.now,
            tracked: c.tracked,
            consent: self.consents.contains_key(&c.person.id),
            bad_time: self.refused.get(&c.person.id).map_or(0, |r| r.bad_time),
            began: c.duty.first().map(|d| d.from).filter(|from| *from <= self.now),
            shift: shift.filter(|_| !past).map(|d| d.from),
            heard_at,
            battery: latest.and_then(|l| l.battery),
            mock: latest.is_some_and(|l| l.mock),
            no_permission_s: missing.no_permission_s,
            stopped_s: missing.phone_off_s + missing.unknown_s,
        }
    }

    /// The whole line of one person.
    async fn line(&self, insight: &Insight, tenant: Uuid, c: &Candidate) -> Result<TrackingHealth> {
        let computed = day::compute(insight, tenant, &c.person, self.day).await?;
        let track = &computed.track.day;
        let duty = computed.stored.summary.figures.duty;
        let mut missing = Missing::default();
        for gap in &track.gaps {
            let of = match gap.kind {
                GapKind::NoPermission => &mut missing.no_permission_s,
                GapKind::PhoneOff => &mut missing.phone_off_s,
                GapKind::NoSignal => &mut missing.no_signal_s,
                GapKind::Unknown => &mut missing.unknown_s,
            };
            // The engine is told of the running half minute; it has not passed yet.
            *of += (gap.to_ms.min(self.now.0 / 1000) - gap.from_ms).max(0) / 1000;
        }
        let passed = |d: &Duty| (d.to.0.min(self.now.0) - d.from.0).max(0) / Micros::SECOND;
        let duty_s: i64 = duty.iter().map(passed).sum();
        let gaps = missing.no_permission_s + missing.phone_off_s + missing.no_signal_s + missing.unknown_s;
        let (heard, fix) = self.heard(c);
        // On a day that is over the track itself is the last that was heard.
        let of_track = track.path.last().map(|p| Micros(p.t_ms.saturating_mul(1000))).filter(|_| c.tracked);
        let heard_at = heard.or(of_track);
        let facts = self.rule_facts(c, missing, heard_at);
        Ok(TrackingHealth {
            employee: c.person.as_ref(),
            department: c.person.department(),
            day: self.day,
            policy_mode: c.mode.clone(),
            duty,
            consent_at: self.consents.get(&c.person.id).copied(),
            trackers: self.trackers.get(&c.person.id).copied().unwrap_or(0),
            heard_at,
            fix_at: fix.or(of_track),
            battery: facts.battery,
            duty_s,
            recorded_s: if c.tracked { (duty_s - gaps).max(0) } else { 0 },
            missing,
            refused: self.refused.get(&c.person.id).copied().unwrap_or_default(),
            advice: rules::advice(&facts),
        })
    }
}

/// The lines of these people, in their order.
pub(super) async fn lines(
    insight: &Insight,
    tenant: Uuid,
    facts: &Facts,
    people: &[Candidate],
) -> Result<Vec<TrackingHealth>> {
    futures::stream::iter(0..people.len())
        .map(|i| async move { facts.line(insight, tenant, &people[i]).await })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}
