//! 高德 distance service (`/v3/distance`): up to 100 origins to one destination, GCJ-02, each call counts as one.
//! By car the traffic of the moment is in it.

use geo::LngLat;
use roads::Profile;
use serde_json::Value;

use super::{Call, Cell, Fault, whole};

pub const ORIGINS: usize = 100;

fn written(p: LngLat) -> String {
    let g = p.to_gcj02();
    format!("{:.6},{:.6}", g.lng, g.lat)
}

pub fn call(profile: Profile, key: &str, points: &[LngLat], from: Vec<usize>, to: usize) -> Call {
    let origins: Vec<String> = from.iter().map(|&k| written(points[k])).collect();
    // There is no kind for e-bikes; they share the streets of cars.
    let kind = if profile == Profile::Foot { "3" } else { "1" };
    Call {
        path: "/v3/distance".into(),
        query: vec![
            ("key", key.to_owned()),
            ("origins", origins.join("|")),
            ("destination", written(points[to])),
            ("type", kind.into()),
            ("output", "JSON".into()),
        ],
        body: None,
        from,
        to: vec![to],
        units: 1,
    }
}

pub fn answer(body: &Value, origins: usize) -> Result<Vec<Cell>, Fault> {
    if body["status"].as_str() != Some("1") {
        return Err(fault(body["infocode"].as_str().unwrap_or("")));
    }
    let mut cells = vec![None; origins];
    for result in body["results"].as_array().map_or(&[][..], Vec::as_slice) {
        // Numbered from 1; one that has a code of its own has no way.
        let Some(slot) =
            whole(&result["origin_id"]).and_then(|n| cells.get_mut(usize::try_from(n - 1).ok()?))
        else {
            continue;
        };
        if result["code"].is_null() {
            *slot = whole(&result["duration"]).zip(whole(&result["distance"]));
        }
    }
    Ok(cells)
}

/// <https://lbs.amap.com/api/webservice/guide/tools/info>
fn fault(code: &str) -> Fault {
    match code {
        // A day's or a package's allowance.
        "10003" | "10010" | "10044" | "10045" | "40000" | "40002" => Fault::Quota,
        // Questions a minute or a second; the gateway or the servers behind it.
        "10004" | "10014" | "10015" | "10016" | "10019" | "10020" | "10021" => Fault::Busy,
        "10001" | "10002" | "10005" | "10006" | "10007" | "10008" | "10009" | "10012" | "10013" => Fault::Key,
        // Not in China, no street near, too far to walk.
        "20800" | "20801" | "20803" => Fault::OffMap,
        "" => Fault::Unreachable,
        _ => Fault::Refused,
    }
}
