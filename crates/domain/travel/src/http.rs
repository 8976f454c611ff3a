use api::{
    Access, Answer, Caller, Checks, IfMatch, Json, Kit, Routes, TravelMode, TravelSource,
    axum::{self, Extension, extract::State},
    ok, routes,
};
use base::{Problem, problem};
use db::Permission;
use geo::LngLat;
use roads::Profile;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    Travel, learned,
    setting::{self, Provider, Setting},
};

/// Places in one table.
const MOST: usize = 100;

pub fn routes(kit: &Kit, travel: &Travel) -> Routes {
    let solve = crate::solve::routes(kit, travel);
    let travel = travel.clone();
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(read))
        .at(Access::May(Permission::CompanyWrite), routes!(change))
        .at(Access::May(Permission::TaskWrite), routes!(table))
        .at(Access::May(Permission::TaskRead), routes!(learned_times))
        .at(Access::May(Permission::CompanyWrite), routes!(use_learned))
        .map(|router| router.layer(Extension(travel)))
        .merge(solve)
}

/// Where travel times come from.
#[derive(Serialize, ToSchema)]
struct TravelSetting {
    provider: Provider,
    /// car, ebike or foot.
    profile: String,
    /// Thousandths: streets are this much longer than the straight line.
    detour_permille: i64,
    /// Mean speed along the straight line.
    speed_kmh: i64,
    /// Units of the provider that may be used in one day.
    daily_quota: i64,
    /// A key is stored; it is never shown.
    key_set: bool,
    /// Units of the provider used today.
    used_today: i64,
    /// What can be chosen on this server.
    available: Vec<Provider>,
    /// The provider counts the traffic of the moment in.
    traffic: bool,
    /// 0 as long as nobody has chosen.
    version: i64,
}

/// A choice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TravelChoice {
    provider: Provider,
    /// car, ebike or foot.
    profile: String,
    #[schema(minimum = 1000, maximum = 3000)]
    detour_permille: i64,
    #[schema(minimum = 3, maximum = 120)]
    speed_kmh: i64,
    #[schema(minimum = 0, maximum = 1_000_000)]
    daily_quota: i64,
    /// The company's key at the provider; absent keeps the one there is, empty removes it.
    #[schema(max_length = 200)]
    key: Option<String>,
}

async fn shown(kit: &Kit, travel: &Travel, caller: &Caller) -> db::Result<TravelSetting> {
    let mut r = kit.db.read(&caller.scope).await?;
    let s = setting::setting(&mut r).await?;
    let day = kit.now().local_day(&org::zone(&mut r).await?);
    Ok(TravelSetting {
        used_today: setting::used(&mut r, s.provider, day).await?,
        provider: s.provider,
        profile: s.profile.word().into(),
        detour_permille: s.detour_permille,
        speed_kmh: s.speed_kmh,
        daily_quota: s.daily_quota,
        key_set: s.key.is_some(),
        available: travel.available(),
        traffic: s.provider.knows_traffic(s.profile),
        version: s.version,
    })
}

#[utoipa::path(get, path = "/travel/setting", tag = "travel", responses((status = 200, body = TravelSetting)))]
async fn read(
    State(kit): State<Kit>,
    Extension(travel): Extension<Travel>,
    caller: Caller,
) -> Answer<TravelSetting> {
    ok(shown(&kit, &travel, &caller).await?)
}

/// Chooses where travel times come from. `If-Match` is the version shown, 0 the first time.
#[utoipa::path(put, path = "/travel/setting", tag = "travel", request_body = TravelChoice, params(("If-Match" = String, Header)), responses((status = 200, body = TravelSetting), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn change(
    State(kit): State<Kit>,
    Extension(travel): Extension<Travel>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(choice): Json<TravelChoice>,
) -> Answer<TravelSetting> {
    let profile = Profile::from_word(&choice.profile);
    Checks::new()
        .that("provider", travel.available().contains(&choice.provider))
        .that("profile", profile.is_some())
        .that("detour_permille", (1000..=3000).contains(&choice.detour_permille))
        .that("speed_kmh", (3..=120).contains(&choice.speed_kmh))
        .that("daily_quota", (0..=1_000_000).contains(&choice.daily_quota))
        .at_most("key", choice.key.as_deref(), 200)
        .done()?;
    let profile = profile.unwrap_or(Profile::Car);
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let before = setting::setting(tx).await?;
                let given = choice.key.map(|k| Some(k.trim().to_owned()).filter(|k| !k.is_empty()));
                // A key belongs to one provider and is not handed to another.
                let kept = before.key.filter(|_| before.provider == choice.provider);
                let after = Setting {
                    provider: choice.provider,
                    profile,
                    detour_permille: choice.detour_permille,
                    speed_kmh: choice.speed_kmh,
                    key: given.unwrap_or(kept),
                    daily_quota: choice.daily_quota,
                    version,
                };
                if choice.provider.by_key() && after.key.is_none() {
                    return Err(Problem::new(problem::INVALID)
                        .with("reason", "这个服务需要密钥 / this provider needs a key")
                        .field("key", problem::REQUIRED));
                }
                if !setting::store(tx, &after, version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                let tenant = tx.tenant();
                let changes = json!({ "provider": after.provider, "profile": after.profile, "daily_quota": after.daily_quota });
                tx.audit("travel.change", "company", tenant, changes).await
            })
        })
        .await?;
    ok(shown(&kit, &travel, &caller).await?)
}

/// Places to be compared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TravelQuestion {
    /// `[lng, lat]` in WGS-84, at most 100.
    #[schema(value_type = Vec<Vec<f64>>)]
    points: Vec<LngLat>,
    /// How one gets about; absent: as the company usually does.
    mode: Option<TravelMode>,
}

/// Travel between all of some places, row by row; null where there is no way.
#[derive(Serialize, ToSchema)]
struct TravelAnswer {
    /// Seconds.
    durations: Vec<Vec<Option<i64>>>,
    /// Metres.
    distances: Vec<Vec<Option<i64>>>,
    source: TravelSource,
}

/// Travel times and distances between all of some places, by what the company has chosen.
#[utoipa::path(post, path = "/travel/table", tag = "travel", request_body = TravelQuestion, responses((status = 200, body = TravelAnswer), (status = 422, body = api::ProblemDocument)))]
async fn table(
    State(kit): State<Kit>,
    caller: Caller,
    Json(ask): Json<TravelQuestion>,
) -> Answer<TravelAnswer> {
    Checks::new().that("points", !ask.points.is_empty() && ask.points.len() <= MOST).done()?;
    let table = kit.travel.table(&caller.scope, ask.mode, ask.points, None).await;
    let rows = |part: fn((i64, i64)) -> i64| -> Vec<Vec<Option<i64>>> {
        table.cells.chunks(table.size).map(|row| row.iter().map(|c| c.map(part)).collect()).collect()
    };
    ok(TravelAnswer { durations: rows(|c| c.0), distances: rows(|c| c.1), source: table.source.clone() })
}

/// What the company's own days taught.
#[derive(Serialize, ToSchema)]
struct LearnedTimes {
    /// Whether planning uses it. Off until somebody turns it on.
    on: bool,
    stays: Vec<learned::LearnedStay>,
    hours: Vec<learned::LearnedHour>,
    /// How much longer streets are than the straight line: everywhere, then by area. Only the straight line uses it.
    areas: Vec<learned::LearnedArea>,
    #[schema(value_type = Option<String>, format = DateTime)]
    learned_at: Option<base::Micros>,
    /// Somebody asked to learn anew, and it is not done yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    asked_at: Option<base::Micros>,
    /// It could not be done the last time.
    #[schema(value_type = Option<String>, format = DateTime)]
    failed_at: Option<base::Micros>,
}

async fn learned_now(kit: &Kit, caller: &Caller) -> db::Result<LearnedTimes> {
    let mut kept = learned::kept(&mut kit.db.read(&caller.scope).await?).await?;
    // An area is called after a customer of it: a name for whoever sees all customers.
    if caller.scope.reach() != db::Reach::Company {
        kept.learned.areas.iter_mut().for_each(|area| area.near = None);
    }
    Ok(LearnedTimes {
        on: kept.on,
        stays: kept.learned.stays,
        hours: kept.learned.hours,
        areas: kept.learned.areas,
        learned_at: kept.learned_at,
        asked_at: kept.asked_at,
        failed_at: kept.failed_at,
    })
}

#[utoipa::path(get, path = "/travel/learned", tag = "travel", responses((status = 200, body = LearnedTimes)))]
async fn learned_times(State(kit): State<Kit>, caller: Caller) -> Answer<LearnedTimes> {
    ok(learned_now(&kit, &caller).await?)
}

/// The switch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UseLearned {
    on: bool,
}

/// Lets planning use what was learned, or not.
#[utoipa::path(put, path = "/travel/learned", tag = "travel", request_body = UseLearned, responses((status = 200, body = LearnedTimes)))]
async fn use_learned(
    State(kit): State<Kit>,
    caller: Caller,
    Json(ask): Json<UseLearned>,
) -> Answer<LearnedTimes> {
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                learned::switch(tx, ask.on).await?;
                let tenant = tx.tenant();
                tx.audit("travel.learned", "company", tenant, json!({ "on": ask.on })).await
            })
        })
        .await?;
    ok(learned_now(&kit, &caller).await?)
}
