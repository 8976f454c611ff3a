//! Messages as the apps send them. Shapes follow the published formats; values are ours.

use super::*;
use track::ActivityHint;

fn one(query: &str, body: &str) -> Report {
    let decoded = decode(query, body.as_bytes()).unwrap();
    assert_eq!((decoded.reports.len(), decoded.invalid), (1, 0));
    decoded.reports.into_iter().next().unwrap()
}

fn extra(report: &Report) -> serde_json::Value {
    serde_json::from_str(report.reading.extra.as_deref().unwrap_or("null")).unwrap()
}

#[test]
fn osmand_query_and_form_say_the_same() {
    let text = "id=902064&lat=42.06288&lon=-88.23412&timestamp=1442068686579&hdop=6.0&altitude=224.0&speed=40&bearing=7.2&batt=87&charge=true&ignition=true";
    let query = one(text, "");
    assert_eq!(query, one("", text));
    assert_eq!(decode(text, b"").unwrap().device.as_deref(), Some("902064"));
    assert_eq!(query.when, When::At(1_442_068_686_579));
    let r = &query.reading;
    assert_eq!(r.at, Some((-882_341_200, 420_628_800)));
    assert_eq!((r.speed_cms, r.bearing_dd, r.alt_dm), (Some(2_058), Some(72), Some(2_240)));
    assert_eq!((r.battery, r.charging), (Some(87), Some(true)));
    assert_eq!(extra(&query), serde_json::json!({ "hdop": 6.0, "ignition": true }));
}

#[test]
fn the_secret_may_stand_in_the_query_and_the_report_in_the_body() {
    let decoded = decode("id=s", b"lat=1&lon=2&timestamp=5").unwrap();
    assert_eq!((decoded.device.as_deref(), decoded.reports.len()), (Some("s"), 1));
}

#[test]
fn times_in_all_their_forms() {
    let when = |t: &str| one(&format!("id=1&lat=1&lon=1&timestamp={t}"), "").when;
    assert_eq!(when("1377177267"), When::At(1_377_177_267_000));
    assert_eq!(when("2016-01-27T18%3A55%3A47Z"), When::At(1_453_920_947_000));
    assert_eq!(when("2016-01-27T18%3A55%3A47-0700"), When::At(1_453_946_147_000));
    let shanghai = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    assert_eq!(when("2014-06-04+09%3A10%3A11").millis(&shanghai, 0), 1_401_844_211_000);
    assert_eq!(one("id=1&lat=1&lon=1", "").when.millis(&shanghai, 7), 7);
    assert!(decode("id=1&lat=1&lon=1&timestamp=soon", b"").is_err());
}

#[test]
fn places_in_all_their_forms() {
    assert_eq!(one("id=1&location=60.0,30.0", "").reading.at, Some((300_000_000, 600_000_000)));
    assert_eq!(one("id=1&timestamp=9&batt=76.0&charge=true", "").reading.at, None, "a sign of life");
    for bad in ["id=1&lat=x&lon=1", "id=1&lat=91&lon=1", "id=1&lat=1", "id=1&lat=NaN&lon=1"] {
        assert!(decode(bad, b"").is_err(), "{bad}");
    }
    let shifted = one("id=1&lat=39.9087&lon=116.3975&coord=gcj02", "").reading.at.unwrap();
    let plain = one("id=1&lat=39.9087&lon=116.3975", "").reading.at.unwrap();
    assert!((shifted.0 - plain.0).abs() > 30_000, "hundreds of metres apart: {shifted:?} {plain:?}");
}

#[test]
fn cells_and_mock_flags_are_kept() {
    let report = one("id=1&timestamp=1377177267&cell=257,02,16,2224&cell=257,02,16,2223,-90&mock=1", "");
    assert!(report.reading.mock);
    assert_eq!(extra(&report), serde_json::json!({ "cell": ["257,02,16,2224", "257,02,16,2223,-90"] }));
}

#[test]
fn values_are_kept_as_they_came() {
    let report = one(
        "id=1&lat=1&lon=1&timestamp=9&driver=0012&imei=861001000719969&rpm=933&odo=12.50&tag=a&tag=b&valid=false&driver=0012",
        "",
    );
    assert_eq!(
        extra(&report),
        serde_json::json!({ "driver": "0012", "imei": 861_001_000_719_969_i64, "rpm": 933, "odo": 12.5, "tag": ["a", "b"], "valid": false })
    );
    let shifted = one("id=1&lat=39.9&lon=116.4&coord=BD-09", "");
    assert_eq!(extra(&shifted)["coord"], "BD-09", "what came was in another datum than what is stored");
    assert!(decode("id=1&lat=39.9&lon=116.4&coord=utm", b"").is_err(), "an unknown datum is no datum");
    let big = one(&format!("id=1&lat=1&lon=1&timestamp=9&note={}&rpm=1", "x".repeat(5000)), "");
    assert_eq!((extra(&big), big.dropped), (serde_json::json!({ "rpm": 1, "_dropped": ["note"] }), 1));
}

#[test]
fn gpslogger_time_without_timestamp() {
    let report = one("lat=1&lon=1&time=2023-11-14T23:13:20.000Z", "");
    assert_eq!(report.when, When::At(1_700_003_600_000));
    assert_eq!(one("lat=1&lon=1&timestamp=5&time=2023-11-14T23:13:20.000Z", "").when, When::At(5_000));
}

#[test]
fn gpslogger_names_and_units() {
    let text = "lat=39.9042&lon=116.4074&sat=9&desc=&alt=44.2&acc=12.5&dir=271.0&spd=8.3&timestamp=1700003600&batt=76.0&ischarging=false&aid=abcdef0123456789";
    let report = one(text, "");
    let r = &report.reading;
    assert_eq!(
        (r.speed_cms, r.acc_dm, r.bearing_dd, r.charging),
        (Some(830), Some(125), Some(2710), Some(false))
    );
    assert_eq!(decode(text, b"").unwrap().device.as_deref(), Some("abcdef0123456789"));
}

#[test]
fn traccar_client_nine() {
    let report = one(
        "",
        r#"{"location":{"mock":true,"timestamp":"2025-06-15T13:45:12.862Z","coords":{"latitude":37.4219983,"longitude":-122.084,"accuracy":5,"speed":-1,"heading":-1,"altitude":5},"is_moving":false,"odometer":0,"event":"motionchange","battery":{"level":0.79,"is_charging":false},"activity":{"type":"still"},"extras":{"device":"x"},"_":"&id=48241179&lat=1"},"device_id":"48241179"}"#,
    );
    assert_eq!(report.when, When::At(1_749_995_112_862));
    let r = &report.reading;
    assert_eq!((r.speed_cms, r.bearing_dd, r.acc_dm, r.battery), (None, None, Some(50), Some(79)));
    assert!(r.mock && r.hint == Some(ActivityHint::Still));
    assert_eq!(extra(&report)["device"], "x");
    let full = one(
        "",
        r#"{"location":{"uuid":"u-1","age":188,"timestamp":"2025-06-15T13:45:12Z","coords":{"latitude":1,"longitude":2,"speed_accuracy":0.26,"floor":null,"altitude_accuracy":-1},"battery":{"level":-1,"is_charging":false},"activity":{"type":"still","confidence":100},"geofence":{"identifier":"a","action":"ENTER"},"extras":{"list":[1,{"a":2}]}},"device_id":"7","sent":3}"#,
    );
    assert_eq!(full.reading.battery, None);
    assert_eq!(
        extra(&full),
        serde_json::json!({
            "uuid": "u-1", "age": 188, "coords": { "speed_accuracy": 0.26, "altitude_accuracy": -1 }, "activity": "still",
            "activity_details": { "confidence": 100 }, "geofence": { "identifier": "a", "action": "ENTER" }, "list": [1, { "a": 2 }], "sent": 3
        })
    );
    let life = one("", r#"{"location":{"timestamp":"2025-06-15T13:45:12Z"},"device_id":7}"#);
    assert_eq!(life.reading.at, None);
}

#[test]
fn traccar_sdk_list() {
    let decoded = decode(
        "",
        br#"[{"id":"7","lat":39.9,"lon":116.4,"timestamp":1700003600,"accuracy":12.5,"speed":16.13,"charge":false},{"id":"7","lat":399,"lon":1,"timestamp":1},{"id":"7","lat":39.905,"lon":116.408,"timestamp":1700003630,"alarm":"sos"}]"#,
    )
    .unwrap();
    assert_eq!((decoded.reports.len(), decoded.invalid), (2, 1));
    assert_eq!(decoded.reports[0].reading.speed_cms, Some(830));
    assert_eq!(extra(&decoded.reports[1])["alarm"], "sos");
    let nested = decode("", br#"[{"id":"7","lat":1,"lon":2,"timestamp":5,"wifi":["a"],"cells":[{"cid":1}],"o":{"a":null}},{"id":"8","lat":1,"lon":2,"timestamp":5},7]"#).unwrap();
    assert_eq!((nested.devices(), nested.invalid), (vec!["7", "8"], 1));
    assert_eq!(
        extra(&nested.reports[0]),
        serde_json::json!({ "wifi": ["a"], "cells": [{ "cid": 1 }], "o": { "a": null } })
    );
}

#[test]
fn owntracks() {
    let report = one(
        "u=z&d=p",
        r#"{"_type":"location","lat":39.9042,"lon":116.4074,"tst":1700003600,"acc":12,"alt":44,"vel":36,"cog":90,"batt":55,"bs":1,"conn":"m","t":"t","tid":"zs","motionactivities":["automotive"],"topic":"owntracks/z/p"}"#,
    );
    let r = &report.reading;
    assert_eq!((r.speed_cms, r.bearing_dd, r.acc_dm), (Some(1000), Some(900), Some(120)));
    assert_eq!((r.hint, r.charging), (Some(ActivityHint::Driving), Some(false)));
    for quiet in [r#"{"_type":"lwt","tst":1}"#, r#"{"_type":"status","iOS":{}}"#] {
        let decoded = decode("", quiet.as_bytes()).unwrap();
        assert_eq!((decoded.reports.len(), decoded.reply), (0, Reply::List));
    }
    let full = one(
        "",
        r#"{"_type":"location","lat":1,"lon":2,"tst":5,"vac":21,"created_at":9,"mcc":232,"cid":"673A","SSID":"office","BSSID":"aa:bb","p":101.2,"inrids":["6da9cf"],"tid":"zs","_id":"x"}"#,
    );
    assert_eq!(
        extra(&full),
        serde_json::json!({ "vac": 21, "created_at": 9, "mcc": 232, "cid": "673A", "SSID": "office", "BSSID": "aa:bb", "p": 101.2, "inrids": ["6da9cf"], "tid": "zs", "_id": "x" })
    );
    let entered = one(
        "",
        r#"{"_type":"transition","tst":5,"wtst":3,"rid":"6d","event":"enter","desc":"A","acc":20,"lat":1,"lon":2}"#,
    );
    assert_eq!(
        extra(&entered),
        serde_json::json!({ "kind": "transition", "wtst": 3, "rid": "6d", "event": "enter", "desc": "A" })
    );
    let beacon = one("", r#"{"_type":"beacon","tst":5,"uuid":"u","acc":2,"rssi":-70}"#);
    assert_eq!((beacon.reading.at, beacon.reading.acc_dm), (None, None), "a sign of life");
    assert_eq!(extra(&one("", r#"{"_type":"steps","tst":5,"steps":88}"#))["steps"], 88);
    for quiet in
        ["waypoint", "waypoints", "cmd", "card", "request", "configuration", "dump", "of a later version"]
    {
        assert!(
            decode("", format!(r#"{{"_type":"{quiet}","tst":1,"lat":1,"lon":1}}"#).as_bytes())
                .unwrap()
                .reports
                .is_empty()
        );
    }
    assert!(decode("", br#"{"_type":"encrypted","data":"x"}"#).is_err(), "unreadable is not received");
    assert!(decode("", br#"{"_type":"location","lat":1,"lon":2}"#).is_err());
    assert!(decode("", b"").unwrap().reports.is_empty(), "a deleted friend is an empty body");
}

#[test]
fn overland() {
    let decoded = decode(
        "",
        br#"{"locations":[{"type":"Feature","geometry":{"type":"Point","coordinates":[116.4074,39.9042]},"properties":{"timestamp":"2015-10-01T08:00:00-0700","altitude":0,"speed":-1,"horizontal_accuracy":30,"motion":["driving","stationary"],"battery_state":"charging","battery_level":0.8,"device_id":"zs","wifi":"","course":90}},{"type":"Feature"}],"current":{}}"#,
    )
    .unwrap();
    assert_eq!((decoded.reports.len(), decoded.invalid, decoded.reply), (1, 1, Reply::ResultOk));
    let report = &decoded.reports[0];
    assert_eq!(report.when, When::At(1_443_711_600_000));
    let r = &report.reading;
    assert_eq!((r.speed_cms, r.battery, r.charging), (None, Some(80), Some(true)));
    assert_eq!(r.hint, Some(ActivityHint::Driving));
}

#[test]
fn overland_keeps_all_it_says() {
    let place = |t: &str| {
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[116.4,39.9]}},"properties":{{"timestamp":"{t}","vertical_accuracy":-1,"speed_accuracy":0.4,"motion":["automotive_navigation"],"battery_state":"unknown","desired_accuracy":100,"wifi":"office"}}}}"#
        )
    };
    let (then, now) = (place("2024-05-01T00:00:00Z"), place("2024-05-01T00:05:00Z"));
    let trip = format!(r#"{{"mode":"car","distance":1234.5,"start_location":{then}}}"#);
    let body = format!(r#"{{"locations":[{then}],"current":{now},"trip":{trip}}}"#);
    let report = one("", &body);
    let kept = extra(&report);
    assert_eq!(
        (&kept["wifi"], &kept["speed_accuracy"], &kept["motion"][0]),
        (&"office".into(), &0.4.into(), &"automotive_navigation".into())
    );
    assert_eq!((&kept["battery_state"], &kept["vertical_accuracy"]), (&"unknown".into(), &(-1).into()));
    let beside = report.beside.unwrap();
    assert_eq!(
        beside.trip.as_deref(),
        Some(r#"{"distance":1234.5,"mode":"car"}"#),
        "its places are in the batches"
    );
    let (t, text) = beside.current.unwrap();
    assert_eq!(t, 1_714_521_900_000);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&text).unwrap(),
        serde_json::from_str::<serde_json::Value>(&now).unwrap()
    );
}

#[test]
fn gpx_is_back_fill() {
    let decoded = decode(
        "",
        br#"<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>a &amp; b</name><trkseg>
          <trkpt lat="32.04" lon="118.78"><ele>12.3</ele><time>2026-11-20T02:00:00Z</time></trkpt>
          <trkpt lat="32.04" lon="118.79"><time>2026-11-20T02:00:10.5Z</time><extensions><x:speed xmlns:x="y">9.5</x:speed></extensions></trkpt>
          <trkpt lat="32.04" lon="118.80"/><trkpt lat="132.04" lon="118.80"><time>2026-11-20T02:00:20Z</time></trkpt>
        </trkseg></trk></gpx>"#,
    )
    .unwrap();
    assert_eq!((decoded.reports.len(), decoded.invalid), (2, 2));
    let r = &decoded.reports[1];
    assert_eq!(
        (r.when, r.reading.speed_cms, r.reading.backfill),
        (When::At(1_795_140_010_500), Some(950), true)
    );
    assert_eq!(decoded.reports[0].reading.alt_dm, Some(123));
    for bad in ["<html></html>", "<gpx><trk>", "<gpx><trkpt lat='1'</gpx>"] {
        let decoded = decode("", bad.as_bytes());
        assert!(decoded.map_or(true, |d| d.reports.is_empty()), "{bad}");
    }
}
