//! The addresses of trackers, which stand outside the document.

use reqwest::Method;
use serde_json::json;

use super::{
    attack::Attack,
    complaint,
    example::{places, with},
    send,
    values::{RAW_WORDS, bodies, escaped, json_texts, words},
};
use crate::scene::{Scene, minute};

/// One good report in each dialect that is JSON.
const DIALECTS: [&str; 4] = [
    r#"{"_type":"location","tid":"t","lat":32.04,"lon":118.78,"tst":1795136400,"acc":8,"batt":80,"vel":10,"cog":90,"alt":3}"#,
    r#"{"locations":[{"type":"Feature","geometry":{"type":"Point","coordinates":[118.78,32.04]},"properties":{"timestamp":"2026-11-20T02:00:00Z","horizontal_accuracy":8,"speed":1,"battery_level":0.8}}]}"#,
    r#"{"location":{"timestamp":"2026-11-20T02:00:00Z","coords":{"latitude":32.04,"longitude":118.78,"accuracy":8,"speed":1,"heading":90,"altitude":3},"battery":{"level":0.8,"is_charging":false},"activity":{"type":"still"}},"device_id":"x"}"#,
    r#"{"id":"x","lat":32.04,"lon":118.78,"timestamp":1795136400,"speed":1,"bearing":90,"accuracy":8,"batt":80}"#,
];

testkit::both!(trackers_answer_hostile_input, |app| async move {
    let s = Scene::begin(&app).await;
    app.clock.set(minute(180));
    let new = json!({ "employee_id": s.rep_id, "name": "t", "kind": "traccar" });
    let made = s.company.admin.post("/api/v1/trackers", new).await.json;
    let address = format!("/t/{}", made["secret"].as_str().expect("secret"));
    let mut attacks = vec![];
    let mut attack = |what: String, path: String, body: Option<Vec<u8>>| {
        for method in [Method::GET, Method::POST] {
            attacks.push(Attack {
                what: what.clone(),
                body: body.clone(),
                ..Attack::plain(method, path.clone())
            });
        }
    };
    let good = [
        ("id", "x"),
        ("lat", "32.04"),
        ("lon", "118.78"),
        ("timestamp", "1795136400"),
        ("speed", "1"),
        ("bearing", "90"),
        ("altitude", "3"),
        ("accuracy", "8"),
        ("hdop", "1"),
        ("batt", "80"),
        ("charge", "true"),
        ("location", "32.04,118.78"),
    ];
    for (name, _) in good {
        for word in words().iter().map(|w| escaped(w)).chain(RAW_WORDS.map(str::to_owned)) {
            let query: Vec<String> = good
                .iter()
                .map(|(n, v)| format!("{n}={}", if *n == name { word.as_str() } else { v }))
                .collect();
            let what = format!("{name}={}", word.chars().take(40).collect::<String>());
            attack(what.clone(), format!("{address}?{}", query.join("&")), None);
            attack(what, address.clone(), Some(query.join("&").into_bytes()));
        }
    }
    for body in bodies() {
        attack("a body".into(), address.clone(), Some(body.clone()));
        attack("a body to nobody".into(), "/t".into(), Some(body));
    }
    attack("five megabytes".into(), address.clone(), Some(vec![b'['; 5 << 20]));
    for dialect in DIALECTS {
        let good = serde_json::from_str(dialect).expect("JSON");
        for at in places(&good) {
            for text in json_texts() {
                let what = format!("{at} = {}", text.chars().take(40).collect::<String>());
                attack(what, address.clone(), Some(with(&good, &at, &text).into_bytes()));
            }
        }
    }
    for word in words() {
        attack("no such secret".into(), format!("/t/{}?lat=1&lon=1", escaped(&word)), None);
        attack("no such id".into(), format!("/t?id={}&lat=1&lon=1", escaped(&word)), None);
    }
    let stranger = app.stranger();
    for attack in &attacks {
        let reply = send(&stranger, attack).await;
        assert_eq!(complaint(&reply), None, "{} {} {}", attack.method, attack.path, attack.what);
    }
    assert!(attacks.len() > 2_000, "{} requests", attacks.len());
    // What was taken can be read: the day, the board.
    for path in [format!("/api/v1/tracks/{}/2026-11-20", s.rep_id), "/api/v1/live".into()] {
        let reply = s.company.admin.get(&path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.json);
    }
});
