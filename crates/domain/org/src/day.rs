//! How people's days begin and end, how they get about, and how much a day may hold: the company's rule, and what is said
//! of one person beside it.

use std::collections::HashMap;

use api::{Access, Answer, Caller, Checks, Json, Kit, Routes, TravelMode, axum, ok, routes};
use axum::extract::State;
use base::problem;
use db::{Permission, Query, Result, Tx, args, sql};
use geo::LngLat;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Person;

/// Most visits and kilometres that can be said of a day.
const MOST_VISITS: i64 = 40;
const MOST_KM: i64 = 2_000;

base::problems! {
    /// The office has no place yet.
    NO_OFFICE = 422 "org.no_office",
        zh "还没有办公室位置" / "请先在“设置 → 一天的安排”里标出办公室的位置。",
        en "The office has no place" / "Put the office on the map first, under Settings → The working day.";
}

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::SignedIn, routes!(read))
        .at(Access::May(Permission::CompanyWrite), routes!(change))
}

/// Where the way of a day begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayStart {
    /// At the person's own place; at the first stop, when none is known.
    Home,
    Office,
    /// At the first stop: the way there is not counted.
    First,
}

/// Where the way of a day ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayEnd {
    Home,
    Office,
    /// At the last stop.
    Open,
}

/// What is said of one person; what is absent follows the company.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EmployeeDay {
    pub travel: Option<TravelMode>,
    pub start: Option<DayStart>,
    pub end: Option<DayEnd>,
    #[schema(minimum = 1, maximum = 40)]
    pub most_visits: Option<i64>,
    #[schema(minimum = 1, maximum = 2000)]
    pub most_km: Option<i64>,
}

impl EmployeeDay {
    pub(crate) fn check(&self, checks: &mut Checks, at: &str) {
        checks
            .that(
                &format!("{at}most_visits"),
                self.most_visits.is_none_or(|n| (1..=MOST_VISITS).contains(&n)),
            )
            .that(&format!("{at}most_km"), self.most_km.is_none_or(|n| (1..=MOST_KM).contains(&n)));
    }
}

/// The company's rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayPolicy {
    pub start: DayStart,
    pub end: DayEnd,
    #[schema(minimum = 1, maximum = 40)]
    pub most_visits: Option<i64>,
    #[schema(minimum = 1, maximum = 2000)]
    pub most_km: Option<i64>,
    /// Where the office is.
    #[schema(value_type = Option<Vec<f64>>)]
    pub office: Option<LngLat>,
    /// Thousandths: a day is said to be longer than it had to be beyond this share of the best way over its stops.
    #[serde(default = "usual_detour")]
    #[schema(minimum = 1050, maximum = 5000)]
    pub detour_permille: i64,
}

const DETOUR: std::ops::RangeInclusive<i64> = 1_050..=5_000;

fn usual_detour() -> i64 {
    1_350
}

impl Default for DayPolicy {
    fn default() -> DayPolicy {
        DayPolicy {
            start: DayStart::Home,
            end: DayEnd::Open,
            most_visits: None,
            most_km: None,
            office: None,
            detour_permille: usual_detour(),
        }
    }
}

/// What holds for one person's day.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DayTerms {
    /// `None`: as the company usually travels.
    pub travel: Option<TravelMode>,
    pub start: Option<LngLat>,
    pub end: Option<LngLat>,
    pub most_visits: Option<usize>,
    pub most_m: Option<i64>,
}

/// The company's rule with what is said of everybody.
#[derive(Debug, Clone, Default)]
pub struct DayRules {
    pub policy: DayPolicy,
    own: HashMap<Uuid, EmployeeDay>,
}

db::row! { struct PolicyRow {
    day_start: String, day_end: String, most_visits: Option<i64>, most_km: Option<i64>, office_lng: Option<i64>, office_lat: Option<i64>,
    detour_permille: i64
} }
db::row! { struct OwnRow {
    employee_id: Uuid, travel: Option<String>, day_start: Option<String>, day_end: Option<String>, most_visits: Option<i64>, most_km: Option<i64>
} }

impl DayRules {
    /// Reads all of it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(q: &mut impl Query) -> Result<DayRules> {
        let rows: Vec<OwnRow> = q
            .all(
                sql!(
                    "SELECT employee_id, travel, day_start, day_end, most_visits, most_km FROM employee_day WHERE tenant_id = $1"
                ),
                vec![],
            )
            .await?;
        let own = rows.into_iter().map(|r| {
            let day = EmployeeDay {
                travel: r.travel.as_deref().and_then(TravelMode::from_word),
                start: r.day_start.as_deref().and_then(word),
                end: r.day_end.as_deref().and_then(word),
                most_visits: r.most_visits,
                most_km: r.most_km,
            };
            (r.employee_id, day)
        });
        Ok(DayRules { policy: policy(q).await?, own: own.collect() })
    }

    /// What is said of a person.
    pub fn own(&self, person: Uuid) -> EmployeeDay {
        self.own.get(&person).copied().unwrap_or_default()
    }

    /// What holds for him.
    pub fn of(&self, person: &Person) -> DayTerms {
        let (own, company) = (self.own(person.id), &self.policy);
        DayTerms {
            travel: own.travel,
            start: match own.start.unwrap_or(company.start) {
                DayStart::Home => person.start_at,
                DayStart::Office => company.office,
                DayStart::First => None,
            },
            end: match own.end.unwrap_or(company.end) {
                DayEnd::Home => person.start_at,
                DayEnd::Office => company.office,
                DayEnd::Open => None,
            },
            most_visits: own.most_visits.or(company.most_visits).and_then(|n| usize::try_from(n).ok()),
            most_m: own.most_km.or(company.most_km).map(|km| km * 1_000),
        }
    }
}

/// A word of the store as it is on the wire.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(json!(text)).ok()
}

fn key(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

/// The company's rule.
///
/// # Errors
/// When the store cannot be read.
async fn policy(q: &mut impl Query) -> Result<DayPolicy> {
    let row: Option<PolicyRow> = q
        .one(
            sql!(
                "SELECT day_start, day_end, most_visits, most_km, office_lng, office_lat, detour_permille FROM day_policy WHERE tenant_id = $1"
            ),
            vec![],
        )
        .await?;
    let usual = DayPolicy::default();
    Ok(row.map_or(usual, |r| DayPolicy {
        start: word(&r.day_start).unwrap_or(usual.start),
        end: word(&r.day_end).unwrap_or(usual.end),
        most_visits: r.most_visits,
        most_km: r.most_km,
        office: r.office_lng.zip(r.office_lat).and_then(|(lng, lat)| LngLat::from_e7(lng, lat).ok()),
        detour_permille: r.detour_permille,
    }))
}

/// Says what holds of a person in place of what was said before. The caller has checked reach, and writes the trail.
///
/// # Errors
/// `org.no_office` where the office is meant and has no place.
pub(crate) async fn set(tx: &mut Tx, person: Uuid, day: EmployeeDay) -> Result<()> {
    let office = day.start == Some(DayStart::Office) || day.end == Some(DayEnd::Office);
    if office && policy(tx).await?.office.is_none() {
        let field = if day.start == Some(DayStart::Office) { "day.start" } else { "day.end" };
        return Err(base::Problem::new(problem::INVALID).with("reason", "office").field(field, NO_OFFICE));
    }
    clear(tx, person).await?;
    if day == EmployeeDay::default() {
        return Ok(());
    }
    tx.exec(
        sql!(
            "INSERT INTO employee_day (tenant_id, employee_id, travel, day_start, day_end, most_visits, most_km) \
             VALUES ($1, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            person,
            day.travel.map(|m| m.word().to_owned()),
            day.start.as_ref().and_then(key),
            day.end.as_ref().and_then(key),
            day.most_visits,
            day.most_km
        ],
    )
    .await?;
    Ok(())
}

/// Forgets what was said of a person.
pub(crate) async fn clear(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(sql!("DELETE FROM employee_day WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await
}

/// Where people's days begin and end, and how much they may hold, when nothing else is said of them.
#[utoipa::path(get, path = "/company/day", tag = "company", responses((status = 200, body = DayPolicy)))]
async fn read(State(kit): State<Kit>, caller: Caller) -> Answer<DayPolicy> {
    ok(policy(&mut kit.db.read(&caller.scope).await?).await?)
}

/// Changes the company's rule for everybody of whom nothing else is said.
#[utoipa::path(put, path = "/company/day", tag = "company", request_body = DayPolicy, responses((status = 200, body = DayPolicy), (status = 422, body = api::ProblemDocument)))]
async fn change(State(kit): State<Kit>, caller: Caller, Json(new): Json<DayPolicy>) -> Answer<DayPolicy> {
    let mut checks = Checks::new();
    EmployeeDay { most_visits: new.most_visits, most_km: new.most_km, ..EmployeeDay::default() }
        .check(&mut checks, "");
    if new.office.is_none() && (new.start == DayStart::Office || new.end == DayEnd::Office) {
        checks.fault("office", NO_OFFICE);
    }
    checks.that("detour_permille", DETOUR.contains(&new.detour_permille));
    checks.done()?;
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let (lng, lat) = new.office.map(LngLat::e7).unzip();
                let now = tx.now();
                tx.exec(
                    sql!(
                        "INSERT INTO day_policy (tenant_id, day_start, day_end, most_visits, most_km, office_lng, office_lat, changed_by, changed_at, detour_permille) \
                         VALUES ($1, $3, $4, $5, $6, $7, $8, $2, $9, $10) ON CONFLICT (tenant_id) DO UPDATE SET day_start = $3, day_end = $4, \
                         most_visits = $5, most_km = $6, office_lng = $7, office_lat = $8, changed_by = $2, changed_at = $9, detour_permille = $10"
                    ),
                    args![key(&new.start), key(&new.end), new.most_visits, new.most_km, lng, lat, now, new.detour_permille],
                )
                .await?;
                let tenant = tx.tenant();
                tx.audit("company.day", "company", tenant, json!(new)).await
            })
        })
        .await?;
    ok(new)
}
