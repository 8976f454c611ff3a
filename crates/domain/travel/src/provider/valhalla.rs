//! Valhalla's matrix: <https://valhalla.github.io/valhalla/api/matrix/api-reference/>. WGS-84, kilometres.

use geo::LngLat;
use roads::Profile;
use serde_json::{Value, json};

use super::{Call, Cell, Fault, rows, whole};

pub fn table(profile: Profile, points: &[LngLat], all: Vec<usize>) -> Call {
    let costing = match profile {
        Profile::Car => "auto",
        Profile::Ebike => "motor_scooter",
        Profile::Foot => "pedestrian",
    };
    let places: Vec<Value> = points.iter().map(|p| json!({ "lat": p.lat(), "lon": p.lng() })).collect();
    Call {
        path: "/sources_to_targets".into(),
        query: vec![],
        body: Some(
            json!({ "sources": places, "targets": places, "costing": costing, "units": "kilometers" }),
        ),
        from: all.clone(),
        to: all,
        units: 1,
    }
}

pub fn answer(body: &Value) -> Result<Vec<Cell>, Fault> {
    if let Some(code) = body["error_code"].as_i64() {
        return Err(match code {
            150 | 151 | 154 => Fault::TooMany,
            171 => Fault::OffMap,
            _ => Fault::Refused,
        });
    }
    let metres = |km: &Value| km.as_f64().map(|k| (k * 1000.0).round() as i64);
    let table = &body["sources_to_targets"];
    if table.is_object() {
        let cells = rows(&table["durations"]).zip(rows(&table["distances"]));
        return Ok(cells.map(|(s, km)| whole(s).zip(metres(km))).collect());
    }
    Ok(rows(table).map(|c| whole(&c["time"]).zip(metres(&c["distance"]))).collect())
}
