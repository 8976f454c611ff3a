//! What a company has chosen.

use api::TravelMode;
use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use roads::Profile;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// The straight line × a detour factor, at one speed.
    StraightLine,
    /// The server's own road map.
    OwnMap,
    Osrm,
    Valhalla,
    Amap,
    Baidu,
}

impl Provider {
    pub const ALL: [Provider; 6] = [
        Provider::StraightLine,
        Provider::OwnMap,
        Provider::Osrm,
        Provider::Valhalla,
        Provider::Amap,
        Provider::Baidu,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Provider::StraightLine => "straight_line",
            Provider::OwnMap => "own_map",
            Provider::Osrm => "osrm",
            Provider::Valhalla => "valhalla",
            Provider::Amap => "amap",
            Provider::Baidu => "baidu",
        }
    }

    fn from_word(word: &str) -> Provider {
        Provider::ALL.into_iter().find(|p| p.word() == word).unwrap_or(Provider::StraightLine)
    }

    /// The company needs a key of its own.
    pub fn by_key(self) -> bool {
        matches!(self, Provider::Amap | Provider::Baidu)
    }

    /// Whether it counts the traffic of the moment in.
    pub fn knows_traffic(self, profile: Profile) -> bool {
        match self {
            // It has no times for e-bikes: they get those of cars.
            Provider::Amap => profile != Profile::Foot,
            Provider::Baidu => profile == Profile::Car,
            _ => false,
        }
    }
}

/// A company's choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub provider: Provider,
    pub profile: Profile,
    /// Thousandths: streets are this much longer than the straight line.
    pub detour_permille: i64,
    pub speed_kmh: i64,
    pub key: Option<String>,
    /// Units of the provider that may be used in one day.
    pub daily_quota: i64,
    pub version: i64,
}

impl Default for Setting {
    /// As it is in Chinese cities.
    fn default() -> Setting {
        Setting {
            provider: Provider::StraightLine,
            profile: Profile::Car,
            detour_permille: 1350,
            speed_kmh: 24,
            key: None,
            daily_quota: 1_000,
            version: 0,
        }
    }
}

impl Setting {
    /// The same for somebody who may get about in another way than the company usually does.
    pub fn by(self, mode: Option<TravelMode>) -> Setting {
        match mode {
            Some(mode) if profile_of(mode) != self.profile => {
                Setting { profile: profile_of(mode), speed_kmh: mode.usual_kmh(), ..self }
            }
            _ => self,
        }
    }

    pub fn mode(&self) -> TravelMode {
        match self.profile {
            Profile::Car => TravelMode::Car,
            Profile::Ebike => TravelMode::Ebike,
            Profile::Foot => TravelMode::Foot,
        }
    }
}

fn profile_of(mode: TravelMode) -> Profile {
    match mode {
        TravelMode::Car => Profile::Car,
        TravelMode::Ebike => Profile::Ebike,
        TravelMode::Foot => Profile::Foot,
    }
}

db::row! { struct SettingRow { provider: String, profile: String, detour_permille: i64, speed_kmh: i64, secret: Option<String>, daily_quota: i64, version: i64 } }

/// The company's choice, or what holds before it has made one.
pub async fn setting(q: &mut impl Query) -> Result<Setting> {
    let row: Option<SettingRow> = q
        .one(
            sql!("SELECT provider, profile, detour_permille, speed_kmh, secret, daily_quota, version FROM travel_setting WHERE tenant_id = $1"),
            vec![],
        )
        .await?;
    Ok(row.map_or_else(Setting::default, |r| Setting {
        provider: Provider::from_word(&r.provider),
        profile: Profile::from_word(&r.profile).unwrap_or(Profile::Car),
        detour_permille: r.detour_permille,
        speed_kmh: r.speed_kmh,
        key: r.secret,
        daily_quota: r.daily_quota,
        version: r.version,
    }))
}

/// Stores a choice. False when somebody else changed it since `version`.
pub async fn store(tx: &mut Tx, s: &Setting, version: i64) -> Result<bool> {
    let now = tx.now();
    let values = || {
        args![s.provider.word(), s.profile.word(), s.detour_permille, s.speed_kmh, &s.key, s.daily_quota, now]
    };
    let rows = if version == 0 {
        tx.exec(
            sql!(
                "INSERT INTO travel_setting (tenant_id, changed_by, provider, profile, detour_permille, speed_kmh, secret, daily_quota, \
                 changed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT (tenant_id) DO NOTHING"
            ),
            values(),
        )
        .await?
    } else {
        let mut all = values();
        all.extend(args![version]);
        tx.exec(
            sql!(
                "UPDATE travel_setting SET changed_by = $2, provider = $3, profile = $4, detour_permille = $5, speed_kmh = $6, secret = $7, \
                 daily_quota = $8, changed_at = $9, version = version + 1 WHERE tenant_id = $1 AND version = $10"
            ),
            all,
        )
        .await?
    };
    Ok(rows == 1)
}

db::row! { struct UsedRow { used: i64 } }

/// Units used of a provider on a day.
pub async fn used(q: &mut impl Query, provider: Provider, day: LocalDay) -> Result<i64> {
    let row: Option<UsedRow> = q
        .one(
            sql!("SELECT used FROM travel_usage WHERE tenant_id = $1 AND provider = $3 AND day = $4"),
            args![provider.word(), day],
        )
        .await?;
    Ok(row.map_or(0, |r| r.used))
}

/// Takes units before they are used; false, and nothing taken, when that would pass the quota.
pub async fn take(tx: &mut Tx, provider: Provider, day: LocalDay, units: i64, quota: i64) -> Result<bool> {
    if units > quota {
        return Ok(false);
    }
    // One statement: several plans may be made at once.
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO travel_usage (tenant_id, provider, day, used) VALUES ($1, $3, $4, $5) \
                 ON CONFLICT (tenant_id, provider, day) DO UPDATE SET used = travel_usage.used + $5 \
                 WHERE travel_usage.used + $5 <= $6"
            ),
            args![provider.word(), day, units, quota],
        )
        .await?;
    Ok(rows == 1)
}

/// For the cache: which company, and which hour of the world.
pub fn hour(now: Micros) -> i64 {
    now.0.div_euclid(Micros::HOUR)
}

/// Identity of a company's answers in the cache.
pub type Owner = (Uuid, Provider, Profile);
