//! 百度 route matrix (`/routematrix/v2/…`): at most 50 pairs a call, BD-09, every pair counts. By car the
//! traffic of the moment is in it, because it is asked for: the service's own default leaves it out.

use geo::LngLat;
use roads::Profile;
use serde_json::Value;

use super::{Call, Cell, Fault, whole};

pub const PAIRS: usize = 50;

/// Latitude first.
fn written(p: LngLat) -> String {
    let b = p.to_bd09();
    format!("{:.6},{:.6}", b.lat, b.lng)
}

pub fn call(profile: Profile, key: &str, points: &[LngLat], from: Vec<usize>, to: usize) -> Call {
    let origins: Vec<String> = from.iter().map(|&k| written(points[k])).collect();
    let mut query = vec![
        ("output", "json".to_owned()),
        ("origins", origins.join("|")),
        ("destinations", written(points[to])),
        ("coord_type", "bd09ll".into()),
        ("ak", key.to_owned()),
    ];
    let mode = match profile {
        Profile::Car => {
            // 11: the usual way, by traffic. Not given it is 13, the shortest way without traffic.
            query.push(("tactics", "11".into()));
            "driving"
        }
        Profile::Ebike => {
            query.push(("riding_type", "1".into()));
            "riding"
        }
        Profile::Foot => "walking",
    };
    let units = from.len() as i64;
    Call { path: format!("/routematrix/v2/{mode}"), query, body: None, from, to: vec![to], units }
}

pub fn answer(body: &Value) -> Result<Vec<Cell>, Fault> {
    match body["status"].as_i64() {
        Some(0) => {}
        // <https://lbsyun.baidu.com/index.php?title=webapi/appendix>
        Some(4 | 301 | 302) => return Err(Fault::Quota),
        Some(1 | 401 | 402) => return Err(Fault::Busy),
        Some(3 | 5 | 9 | 101 | 102 | 200..=299) => return Err(Fault::Key),
        Some(_) => return Err(Fault::Refused),
        None => return Err(Fault::Unreachable),
    }
    let results = body["result"].as_array().map_or(&[][..], Vec::as_slice);
    let cell = |r: &Value| whole(&r["duration"]["value"]).zip(whole(&r["distance"]["value"]));
    // Zero metres between two different places means that there is no way.
    Ok(results.iter().map(|r| cell(r).filter(|c| c.1 > 0)).collect())
}
