//! OSRM's table service: <https://project-osrm.org/docs/v5.24.0/api/#table-service>. WGS-84.

use geo::LngLat;
use roads::Profile;
use serde_json::Value;

use super::{Call, Cell, Fault, rows, whole};

pub fn table(profile: Profile, points: &[LngLat], all: Vec<usize>) -> Call {
    let mode = match profile {
        Profile::Car => "driving",
        Profile::Ebike => "cycling",
        Profile::Foot => "foot",
    };
    let list: Vec<String> = points.iter().map(|p| format!("{:.6},{:.6}", p.lng(), p.lat())).collect();
    Call {
        path: format!("/table/v1/{mode}/{}", list.join(";")),
        query: vec![("annotations", "duration,distance".into())],
        body: None,
        from: all.clone(),
        to: all,
        units: 1,
    }
}

pub fn answer(body: &Value) -> Result<Vec<Cell>, Fault> {
    match body["code"].as_str() {
        Some("Ok") => {}
        Some("TooBig") => return Err(Fault::TooMany),
        Some("NoSegment") => return Err(Fault::OffMap),
        Some(_) => return Err(Fault::Refused),
        None => return Err(Fault::Unreachable),
    }
    let cells = rows(&body["durations"]).zip(rows(&body["distances"]));
    Ok(cells.map(|(s, m)| whole(s).zip(whole(m))).collect())
}
