use api::{
    Access, Answer, Caller, IfMatch, Json, Kit, Routes,
    axum::{self, Extension, extract::State},
    ok, routes,
};
use base::{LocalDay, Micros, Problem, problem};
use db::{Permission, Query, Result};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{AT_MINUTE, Outcome, Rolling, RollingRule, kept, sql};
use crate::frequency::sql as rules;

pub(crate) fn routes(kit: &Kit, rolling: &Rolling) -> Routes {
    let rolling = rolling.clone();
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(read))
        .at(Access::May(Permission::CompanyWrite), routes!(write))
        .map(|r| r.layer(Extension(rolling)))
}

/// How far ahead visits are planned by themselves, what the last run came to, and when the next one is.
#[derive(Serialize, ToSchema)]
struct FrequencyRolling {
    #[serde(flatten)]
    rule: RollingRule,
    /// 0 while nobody has said anything and no rule was ever made.
    version: i64,
    last: Option<FrequencyRollingLast>,
    /// Absent: off, or no rule is active.
    next: Option<FrequencyRollingNext>,
}

#[derive(Serialize, ToSchema)]
struct FrequencyRollingLast {
    #[schema(value_type = String, format = DateTime)]
    at: Micros,
    #[serde(flatten)]
    outcome: Outcome,
}

/// When, and which days will be planned then.
#[derive(Serialize, ToSchema)]
struct FrequencyRollingNext {
    #[schema(value_type = String, format = DateTime)]
    at: Micros,
    #[schema(value_type = String, format = Date)]
    from: LocalDay,
    #[schema(value_type = String, format = Date)]
    to: LocalDay,
}

async fn shown(q: &mut impl Query, now: Micros) -> Result<FrequencyRolling> {
    let Some(kept) = kept(q).await? else {
        return Ok(FrequencyRolling {
            rule: RollingRule { weeks: 0, again: true },
            version: 0,
            last: None,
            next: None,
        });
    };
    let zone = org::zone(q).await?;
    let today = now.local_day(&zone);
    let some = rules::rules(q).await?.iter().any(|r| r.active);
    let next = (some && kept.rule.weeks > 0).then(|| {
        let day = kept.next(today);
        let (from, to) = kept.rule.days(day);
        FrequencyRollingNext { at: day.at_minute(AT_MINUTE, &zone), from, to }
    });
    let last = kept.ran_at.zip(kept.outcome).map(|(at, outcome)| FrequencyRollingLast { at, outcome });
    Ok(FrequencyRolling { rule: kept.rule, version: kept.version, last, next })
}

/// How far ahead visits are planned by themselves.
#[utoipa::path(get, path = "/frequency/rolling", tag = "frequency", responses((status = 200, body = FrequencyRolling)))]
async fn read(State(kit): State<Kit>, caller: Caller) -> Answer<FrequencyRolling> {
    ok(shown(&mut kit.db.read(&caller.scope).await?, kit.now()).await?)
}

/// Says how far ahead visits are planned by themselves. The first run is in the morning after.
#[utoipa::path(put, path = "/frequency/rolling", tag = "frequency", request_body = RollingRule, params(("If-Match" = String, Header)),
    responses((status = 200, body = FrequencyRolling), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn write(
    State(kit): State<Kit>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(rule): Json<RollingRule>,
) -> Answer<FrequencyRolling> {
    rule.check()?;
    let (tenant, now) = (caller.scope.tenant(), kit.now());
    let changed = kit
        .db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let known = sql::rule(tx).await?.map_or(0, |r| r.version);
                if known != version || !sql::set_rule(tx, rule, version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                tx.audit("frequency.rolling", "company", tenant, json!(rule)).await?;
                shown(tx, now).await
            })
        })
        .await?;
    ok(changed)
}
