//! Travel times by every provider, each spoken to in its own words by a server that stands in for it.

use std::sync::{Arc, Mutex};

use api::RoadServers;
use axum::{Json, Router, extract::Request, routing::any};
use geo::LngLat;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{App, Client, Reply};

use crate::scene::{DAY, Scene, minute, place, record, start};

/// What was asked: path with query, and body.
type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// A server that answers everything by one function.
async fn fake(answer: impl Fn(&str, &Value) -> Value + Send + Sync + 'static) -> (String, Asked) {
    let asked = Asked::default();
    let seen = asked.clone();
    let answer = Arc::new(answer);
    let handler = any(move |request: Request| {
        let (seen, answer) = (seen.clone(), answer.clone());
        async move {
            let uri = request.uri().to_string();
            let bytes = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
            let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            let answered = answer(&uri, &body);
            seen.lock().unwrap().push((uri, body));
            Json(answered)
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await });
    (address, asked)
}

/// Values of a query parameter in an address.
fn parameter(uri: &str, name: &str) -> String {
    let query = uri.split_once('?').map_or("", |u| u.1);
    let found = query.split('&').find_map(|p| p.strip_prefix(&format!("{name}=")));
    found.unwrap_or("").replace("%2C", ",").replace("%7C", "|")
}

fn choice(provider: &str) -> Value {
    json!({ "provider": provider, "profile": "car", "detour_permille": 1350, "speed_kmh": 24, "daily_quota": 100 })
}

async fn put(client: &Client, version: i64, choice: Value) -> Reply {
    let request =
        client.request(Method::PUT, "/api/v1/travel/setting").header("if-match", format!("\"{version}\""));
    client.send(request.json(&choice)).await
}

async fn choose(admin: &Client, choice: Value) -> Value {
    let version = admin.get("/api/v1/travel/setting").await.json["version"].as_i64().unwrap();
    let reply = put(admin, version, choice).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

async fn table(client: &Client, points: &[LngLat]) -> Value {
    let reply = client.post("/api/v1/travel/table", json!({ "points": points })).await;
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json
}

testkit::both!(the_straight_line_holds_until_somebody_chooses, |app| async move {
    let s = Scene::begin(&app).await;
    let setting = s.manager.get("/api/v1/travel/setting").await.json;
    assert_eq!((setting["provider"].as_str(), setting["version"].as_i64()), (Some("straight_line"), Some(0)));
    assert_eq!(setting["available"], json!(["straight_line", "amap", "baidu"]), "no map, no servers");
    let t = table(&s.manager, &[start(), place(0)]).await;
    assert_eq!(t["source"], json!({ "provider": "straight_line", "traffic": false }));
    assert!((1_349..=1_352).contains(&t["distances"][0][1].as_i64().unwrap()), "{t}");

    let other = json!({ "provider": "straight_line", "profile": "ebike", "detour_permille": 2000, "speed_kmh": 18, "daily_quota": 0 });
    assert_eq!(put(&s.manager, 0, other.clone()).await.status, 403);
    assert_eq!(put(&s.company.admin, 0, other.clone()).await.json["version"], 1);
    assert_eq!(put(&s.company.admin, 0, other).await.code(), "version.conflict");
    let t = table(&s.manager, &[start(), place(0)]).await;
    assert!((1_998..=2_003).contains(&t["distances"][0][1].as_i64().unwrap()), "{t}");
    let theirs = table(&s.stranger, &[start(), place(0)]).await;
    assert!(theirs["distances"][0][1].as_i64().unwrap() < 1_400, "another company's choice is its own");

    for (field, value) in [("provider", json!("osrm")), ("profile", json!("boat")), ("speed_kmh", json!(0))] {
        let mut bad = choice("straight_line");
        bad[field] = value;
        let reply = put(&s.company.admin, 1, bad).await;
        assert_eq!(reply.status, 422, "{field}");
        assert_eq!(reply.json["errors"][0]["field"], field, "{}", reply.json);
    }
    let bad = put(&s.company.admin, 1, choice("amap")).await;
    assert_eq!((bad.status, bad.json["errors"][0]["field"].as_str()), (422, Some("key")));
    assert_eq!(s.manager.post("/api/v1/travel/table", json!({ "points": [] })).await.status, 422);
    let by_rep = s.rep.post("/api/v1/travel/table", json!({ "points": [start(), place(0)] })).await;
    assert_eq!(by_rep.status, 403, "what a provider counts is not for everybody to use up");
});

testkit::both!(osrm_and_valhalla_are_asked_in_wgs84, |app| async move {
    let (osrm, asked) = fake(|_, _| {
        json!({ "code": "Ok", "durations": [[0, 100.4, 200], [110, 0, null], [210, 90, 0]], "distances": [[0, 1000, 2000.6], [1100, 0, null], [2100, 900, 0]] })
    })
    .await;
    let (valhalla, posted) = fake(|_, _| {
        let cell = |s: i64, km: f64| json!({ "time": s, "distance": km });
        json!({ "sources_to_targets": [[cell(0, 0.0), cell(60, 1.234)], [{ "time": null, "distance": null }, cell(0, 0.0)]] })
    })
    .await;
    let servers =
        RoadServers { osrm: Some(osrm), valhalla: Some(format!("{valhalla}/")), ..RoadServers::default() };
    let app = App::with_roads(app.on, servers).await;
    let s = Scene::begin(&app).await;
    choose(&s.company.admin, choice("osrm")).await;
    let points = [start(), place(0), place(1)];
    let t = table(&s.manager, &points).await;
    assert_eq!(t["durations"], json!([[0, 100, 200], [110, 0, null], [210, 90, 0]]));
    assert_eq!(t["distances"], json!([[0, 1000, 2001], [1100, 0, null], [2100, 900, 0]]));
    assert_eq!(t["source"], json!({ "provider": "osrm", "traffic": false }));
    assert!(asked.lock().unwrap()[0].0.starts_with("/table/v1/driving/118.780000,32.040000;"), "{asked:?}");
    table(&s.manager, &points).await;
    assert_eq!(asked.lock().unwrap().len(), 1, "the same hour is not asked twice");

    choose(&s.company.admin, choice("valhalla")).await;
    let t = table(&s.manager, &points[..2]).await;
    assert_eq!(
        (&t["durations"], &t["distances"]),
        (&json!([[0, 60], [null, 0]]), &json!([[0, 1234], [null, 0]]))
    );
    let posted = posted.lock().unwrap();
    assert_eq!(
        (posted[0].0.as_str(), posted[0].1["costing"].as_str()),
        ("/sources_to_targets", Some("auto"))
    );
    assert_eq!(posted[0].1["sources"][0], json!({ "lat": 32.04, "lon": 118.78 }));
});

testkit::both!(amap_gets_gcj02_and_baidu_bd09, |app| async move {
    let (amap, asked) = fake(|uri, _| {
        let count = parameter(uri, "origins").split('|').count();
        let result = |k: usize| json!({ "origin_id": k.to_string(), "dest_id": "1", "distance": (1000 * k).to_string(), "duration": (100 * k).to_string() });
        json!({ "status": "1", "info": "OK", "infocode": "10000", "results": (1..=count).map(result).collect::<Vec<_>>() })
    })
    .await;
    let (baidu, asked_baidu) = fake(|uri, _| {
        let count = parameter(uri, "origins").split('|').count();
        let result = |k: usize| json!({ "distance": { "text": "", "value": 500 * k }, "duration": { "text": "", "value": 50 * k } });
        json!({ "status": 0, "message": "成功", "result": (1..=count).map(result).collect::<Vec<_>>() })
    })
    .await;
    let app = App::with_roads(app.on, RoadServers { amap, baidu, ..RoadServers::default() }).await;
    let s = Scene::begin(&app).await;
    let points = [start(), place(0), place(1)];
    let with_key = |provider: &str| {
        let mut c = choice(provider);
        c["key"] = json!("s3cret");
        c
    };
    let setting = choose(&s.company.admin, with_key("amap")).await;
    assert_eq!((&setting["key_set"], &setting["traffic"]), (&json!(true), &json!(true)));
    assert!(!setting.to_string().contains("s3cret"));
    let t = table(&s.manager, &points).await;
    // To each place from the two others, numbered as asked.
    assert_eq!(t["durations"], json!([[0, 100, 100], [100, 0, 200], [200, 200, 0]]));
    assert_eq!(t["source"], json!({ "provider": "amap", "traffic": true }));
    {
        let asked = asked.lock().unwrap();
        assert_eq!(asked.len(), 3);
        let g = start().to_gcj02();
        assert_eq!(parameter(&asked[0].0, "destination"), format!("{:.6},{:.6}", g.lng, g.lat));
        assert_eq!(
            (parameter(&asked[0].0, "key").as_str(), parameter(&asked[0].0, "type").as_str()),
            ("s3cret", "1")
        );
    }
    assert_eq!(s.manager.get("/api/v1/travel/setting").await.json["used_today"], 3);

    // The key of the one is not handed to the other.
    let version = s.company.admin.get("/api/v1/travel/setting").await.json["version"].as_i64().unwrap();
    assert_eq!(put(&s.company.admin, version, choice("baidu")).await.status, 422);
    choose(&s.company.admin, with_key("baidu")).await;
    let t = table(&s.manager, &points).await;
    assert_eq!(t["distances"], json!([[0, 500, 500], [500, 0, 1000], [1000, 1000, 0]]));
    let first = asked_baidu.lock().unwrap()[0].0.clone();
    let b = start().to_bd09();
    assert_eq!(parameter(&first, "destinations"), format!("{:.6},{:.6}", b.lat, b.lng));
    assert!(first.starts_with("/routematrix/v2/driving?"));
    assert_eq!(parameter(&first, "tactics"), "11", "otherwise it leaves the traffic out");
    assert_eq!(s.manager.get("/api/v1/travel/setting").await.json["used_today"], 6, "every pair counts");
});

testkit::both!(who_cannot_answer_is_named, |app| async move {
    let (amap, asked) = fake(|uri, _| match parameter(uri, "key").as_str() {
        "wrong" => json!({ "status": "0", "info": "INVALID_USER_KEY", "infocode": "10001" }),
        "spent" => json!({ "status": "0", "info": "USER_DAILY_QUERY_OVER_LIMIT", "infocode": "10044" }),
        _ => json!("what?"),
    })
    .await;
    let (osrm, _) = fake(|_, _| json!({ "code": "TooBig", "message": "Too many table coordinates" })).await;
    let servers = RoadServers {
        amap,
        osrm: Some(osrm),
        valhalla: Some("http://127.0.0.1:9".into()),
        ..RoadServers::default()
    };
    let app = App::with_roads(app.on, servers).await;
    let s = Scene::begin(&app).await;
    let points = [start(), place(0)];
    let keyed = |key: &str, quota: i64| {
        let mut c = choice("amap");
        c["key"] = json!(key);
        c["daily_quota"] = json!(quota);
        c
    };
    let cases = [
        (keyed("wrong", 100), "key"),
        (keyed("spent", 100), "quota"),
        (keyed("odd", 100), "unreachable"),
        (keyed("fine", 1), "quota"),
        (choice("osrm"), "too_many"),
        (choice("valhalla"), "unreachable"),
    ];
    for (choice, reason) in cases {
        choose(&s.company.admin, choice.clone()).await;
        let t = table(&s.manager, &points).await;
        assert_eq!(t["source"]["provider"], "straight_line");
        assert_eq!(
            (&t["source"]["instead_of"], &t["source"]["reason"]),
            (&choice["provider"], &json!(reason)),
            "{choice}"
        );
        assert!((1_349..=1_352).contains(&t["distances"][0][1].as_i64().unwrap()), "{t}");
    }
    assert_eq!(asked.lock().unwrap().len(), 3, "beyond its quota a company does not ask");
    // A plan is made all the same, and says so.
    let plan = s.manager.post("/api/v1/plans", s.new_plan()).await;
    assert_eq!(plan.status, 201, "{}", plan.json);
    assert_eq!(plan.json["route"]["source"]["instead_of"], "valhalla");
});

/// 高德's answer for a question, `per_km` seconds a kilometre of the straight line.
fn amap_answer(uri: &str, per_km: f64) -> Value {
    let at = |text: &str| -> LngLat {
        let (lng, lat) = text.split_once(',').unwrap();
        LngLat::new(lng.parse().unwrap(), lat.parse().unwrap()).unwrap()
    };
    let to = at(&parameter(uri, "destination"));
    let result = |(k, from): (usize, &str)| {
        let km = geo::distance_m(at(from), to) / 1000.0;
        json!({ "origin_id": (k + 1).to_string(), "dest_id": "1", "distance": format!("{:.0}", km * 1500.0), "duration": format!("{:.0}", km * per_km) })
    };
    let results: Vec<Value> = parameter(uri, "origins").split('|').enumerate().map(result).collect();
    json!({ "status": "1", "info": "OK", "infocode": "10000", "count": results.len().to_string(), "results": results })
}

testkit::both!(who_is_asked_too_fast_is_asked_again, |app| async move {
    // The first three questions come too fast for this key; then there is an answer.
    let hurried = std::sync::atomic::AtomicUsize::new(0);
    let (amap, asked) = fake(move |uri, _| {
        if hurried.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 3 {
            json!({ "status": "0", "info": "CUQPS_HAS_EXCEEDED_THE_LIMIT", "infocode": "10021" })
        } else {
            amap_answer(uri, 120.0)
        }
    })
    .await;
    let (baidu, refusing) =
        fake(|_, _| json!({ "status": 401, "message": "当前并发量已经超过约定并发配额" })).await;
    // Takes connections and never says anything.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let osrm = Some(format!("http://{}", silent.local_addr().unwrap()));
    let app = App::with_roads(app.on, RoadServers { amap, baidu, osrm, ..RoadServers::default() }).await;
    let s = Scene::begin(&app).await;
    let with_key = |provider: &str| {
        let mut c = choice(provider);
        c["key"] = json!("k");
        c
    };
    choose(&s.company.admin, with_key("amap")).await;
    let t = table(&s.manager, &[start(), place(0)]).await;
    assert_eq!(t["source"], json!({ "provider": "amap", "traffic": true }));
    assert!((119..=121).contains(&t["durations"][0][1].as_i64().unwrap()), "{t}");
    assert_eq!(asked.lock().unwrap().len(), 5);
    let setting = s.manager.get("/api/v1/travel/setting").await.json;
    assert_eq!(setting["used_today"], 2, "what is asked again is not counted again");

    choose(&s.company.admin, with_key("baidu")).await;
    let t = table(&s.manager, &[start(), place(0)]).await;
    assert_eq!((&t["source"]["provider"], &t["source"]["reason"]), (&json!("straight_line"), &json!("busy")));
    assert_eq!(refusing.lock().unwrap().len(), 5, "and not for ever");

    choose(&s.company.admin, choice("osrm")).await;
    let begun = std::time::Instant::now();
    let t = table(&s.manager, &[start(), place(0)]).await;
    assert_eq!((&t["source"]["instead_of"], &t["source"]["reason"]), (&json!("osrm"), &json!("unreachable")));
    assert!(begun.elapsed().as_secs() < 12, "nobody waits for the silent: {:?}", begun.elapsed());
});

testkit::both!(a_plan_follows_the_provider_and_keeps_its_key_secret, |app| async move {
    let (amap, _) = fake(|uri, _| amap_answer(uri, 180.0)).await;
    let app = App::with_roads(app.on, RoadServers { amap, ..RoadServers::default() }).await;
    let s = Scene::begin(&app).await;
    let ask = json!({ "employee_id": s.rep_id, "day": DAY, "customer_ids": s.customers,
        "window": { "from_minute": 540, "to_minute": 1020 }, "objective": "distance" });
    let line = s.manager.post("/api/v1/routes/preview", ask.clone()).await.json;
    assert_eq!(line["source"]["provider"], "straight_line");
    let mut keyed = choice("amap");
    keyed["key"] = json!("s3cret-of-the-company");
    choose(&s.company.admin, keyed).await;
    let by_amap = s.manager.post("/api/v1/routes/preview", ask.clone()).await.json;
    assert_eq!(by_amap["source"], json!({ "provider": "amap", "traffic": true }));
    // 5 km × 1.35 at 24 km/h; 5 km × 1.5 at 180 s a kilometre.
    assert!((6_745..=6_760).contains(&line["meters"].as_i64().unwrap()), "{line}");
    assert!((7_480..=7_520).contains(&by_amap["meters"].as_i64().unwrap()), "{by_amap}");
    assert!((895..=905).contains(&by_amap["seconds"].as_i64().unwrap()), "{by_amap}");

    // An order made by hand is timed by the same source.
    let mut backwards = ask;
    backwards["keep_order"] = json!(true);
    backwards["customer_ids"] = s.customers.iter().rev().map(|c| json!(c)).collect();
    let by_hand = s.manager.post("/api/v1/routes/preview", backwards).await.json;
    assert_eq!(by_hand["source"]["provider"], "amap");
    assert!((13_460..=13_540).contains(&by_hand["meters"].as_i64().unwrap()), "5 km out, 4 back: {by_hand}");

    let plan = s.plan().await;
    assert_eq!(
        (&plan["route"]["meters"], &plan["route"]["source"]["traffic"]),
        (&by_amap["meters"], &json!(true))
    );
    let kept = s.manager.get(&format!("/api/v1/plans/{}", plan["id"].as_str().unwrap())).await.json;
    assert_eq!(kept["route"]["source"], by_amap["source"], "a stored plan still says whose times it has");

    // The key goes to nobody but the provider: not to the admin, the trail or the company's log.
    for path in ["/api/v1/travel/setting", "/api/v1/audit?limit=100", "/api/v1/ledger/entries?limit=100"] {
        let shown = s.company.admin.get(path).await;
        assert!(!shown.json.to_string().contains("s3cret"), "{path}");
    }
});

testkit::both!(a_road_map_of_ones_own_plans_the_day, |app| async move {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.roads");
    let servers = RoadServers { map: Some(file.clone()), ..RoadServers::default() };
    let app = App::with_roads(app.on, servers).await;
    let s = Scene::begin(&app).await;
    assert_eq!(put(&s.company.admin, 0, choice("own_map")).await.status, 422, "no map yet");
    // A street from the start past all customers, with a bend, one way only.
    let bend = geo::destination(start(), 0.0, 500.0);
    let ends = [start(), bend, geo::destination(start(), 90.0, 6_000.0)];
    let piece = |from: u32, to: u32| roads::Piece {
        from,
        to,
        line: vec![ends[from as usize], ends[to as usize]],
        forward: Some(roads::Travel::at(10.0)),
        backward: Some(roads::Travel::at(5.0)),
        way: [1; 2],
        drawn_forward: [true; 2],
    };
    let streets = roads::Streets {
        junctions: ends.map(roads::Junction::plain).to_vec(),
        pieces: vec![piece(0, 1), piece(1, 2)],
        bans: vec![],
    };
    std::fs::write(&file, roads::RoadMap::build([(roads::Profile::Car, &streets)]).bytes()).unwrap();
    choose(&s.company.admin, choice("own_map")).await;
    let t = table(&s.manager, &[start(), ends[2]]).await;
    let metres = geo::polyline_m(&ends);
    assert!((t["distances"][0][1].as_f64().unwrap() - metres).abs() < 3.0, "{t}");
    assert!((t["durations"][0][1].as_f64().unwrap() - metres / 10.0).abs() < 3.0, "{t}");
    assert!((t["durations"][1][0].as_f64().unwrap() - metres / 5.0).abs() < 3.0, "{t}");
    assert_eq!(t["source"], json!({ "provider": "own_map", "traffic": false }));

    let plan = s.manager.post("/api/v1/plans", s.new_plan()).await.json;
    assert_eq!(plan["route"]["source"]["provider"], "own_map");
    assert_eq!(plan["route"]["order"], json!(s.customers));
    let first = plan["route"]["legs"][0]["line"].as_array().unwrap();
    assert!(first.len() >= 3, "along the street, over the bend: {first:?}");
    assert!(plan["day"] == DAY && plan["tasks"][0]["eta"].is_string());

    let far = table(&s.manager, &[start(), geo::destination(start(), 180.0, 20_000.0)]).await;
    assert_eq!(
        (&far["source"]["instead_of"], &far["source"]["reason"]),
        (&json!("own_map"), &json!("off_map"))
    );
    std::fs::write(&file, b"spoilt").unwrap();
    let t = table(&s.manager, &[start(), ends[2]]).await;
    assert_eq!(t["source"]["reason"], "no_map", "a map that cannot be read is not used");
});

testkit::both!(a_problem_in_vroom_json_is_solved, |app| async move {
    let s = Scene::begin(&app).await;
    let job = |id: u64, k: usize| json!({ "id": id, "location": place(k), "service": 600 });
    let vehicle = json!({ "id": 1, "start": start(), "time_window": [32_400, 61_200] });
    let ask = json!({ "jobs": [job(1, 3), job(2, 0), job(3, 2)], "vehicles": [vehicle] });
    let solved = s.manager.post("/api/v1/route/solve?seconds=0.2", ask.clone()).await;
    assert_eq!(solved.status, 200, "{}", solved.json);
    let steps = solved.json["routes"][0]["steps"].as_array().unwrap();
    let order: Vec<u64> = steps.iter().filter_map(|s| s["id"].as_u64()).collect();
    assert_eq!((order, solved.json["unassigned"].as_array().map(Vec::len)), (vec![2, 3, 1], Some(0)));
    assert_eq!(solved.json["source"]["provider"], "straight_line");
    // 4 km × 1.35 at the company's 24 km/h.
    assert!(
        (808..=812).contains(&solved.json["summary"]["duration"].as_i64().unwrap()),
        "{}",
        solved.json["summary"]
    );

    // With matrices of its own nothing is asked of anybody.
    let own = json!({ "jobs": [{ "id": 7, "location_index": 1 }], "vehicles": [{ "id": 1, "start_index": 0 }],
        "matrices": { "car": { "durations": [[0, 50], [60, 0]] } } });
    let solved = s.manager.post("/api/v1/route/solve", own).await.json;
    assert_eq!((&solved["summary"]["duration"], solved.get("source")), (&json!(50), None));

    // Counted in steps, the answer is the same whenever it is asked for; two people have a bound and no proof by order.
    let vehicle =
        |id: u64| json!({ "id": id, "start": place(4), "end": start(), "time_window": [32_400, 61_200] });
    let jobs: Vec<Value> = (0..12).map(|k| job(k + 1, k as usize)).collect();
    let two = json!({ "jobs": jobs, "vehicles": [vehicle(1), vehicle(2)] });
    let solve = async |seed: u64| {
        let path = format!("/api/v1/route/solve?steps=512&seed={seed}");
        s.manager.post(&path, two.clone()).await
    };
    let (one, again) = (solve(3).await, solve(3).await);
    assert_eq!((one.status, &one.bytes), (200, &again.bytes), "{}", one.json);
    assert_eq!(one.json["steps"], 512);
    let (bound, cost) = (one.json["bound"].as_i64().unwrap(), one.json["summary"]["cost"].as_i64().unwrap());
    assert!(0 < bound && bound <= cost, "{bound} {cost}");

    assert_eq!(
        s.rep.post("/api/v1/route/solve", ask.clone()).await.status,
        403,
        "it costs the server's time"
    );
    for (query, body, status) in [
        ("?seconds=60", ask.clone(), 422),
        ("?steps=0", ask.clone(), 422),
        ("?steps=1000000", ask.clone(), 422),
        ("", json!({ "jobs": [] }), 422),
        ("", json!({ "jobs": [{ "id": "x" }], "vehicles": [] }), 422),
        ("", json!([]), 422),
    ] {
        let reply = s.manager.post(&format!("/api/v1/route/solve{query}"), body).await;
        assert_eq!(reply.status, status, "{query} {}", reply.json);
        assert!(reply.json["code"].is_string());
    }
});

testkit::both!(own_days_teach_how_long_things_take, |app| async move {
    let s = Scene::begin(&app).await;
    let learned = s.manager.get("/api/v1/travel/learned").await.json;
    assert_eq!((&learned["on"], &learned["stays"]), (&json!(false), &json!([])));
    let plan = s.plan().await;
    // Five visits of 20 minutes, 12 minutes apart, from ten past nine; a kilometre is expected to take 203 s.
    app.clock.set(minute(400));
    for (k, task) in plan["tasks"].as_array().unwrap().iter().enumerate() {
        let from = 70 + 32 * k as i64;
        s.taken(&record(task, place(k), from, from + 20).items).await;
    }
    assert_eq!(s.manager.post("/api/v1/travel/learn", json!({})).await.status, 403);
    let asked = s.company.admin.post("/api/v1/travel/learn", json!({})).await;
    assert_eq!((asked.status, asked.json["asked_at"].is_string()), (202, true), "{}", asked.json);
    // It is done beside the request.
    let mut learned = s.manager.get("/api/v1/travel/learned").await.json;
    while !learned["asked_at"].is_null() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        learned = s.manager.get("/api/v1/travel/learned").await.json;
    }
    assert_eq!(
        (&learned["failed_at"], &learned["hours"]),
        (&Value::Null, &json!([])),
        "four ways are too few"
    );
    assert_eq!(learned["stays"], json!([{ "grade": "A", "seconds": 1200, "samples": 5 }]));
    assert!(learned["learned_at"].is_string());

    // Off: half an hour each. On: what was learned.
    let ask = json!({ "employee_id": s.rep_id, "day": "2026-11-23", "customer_ids": s.customers,
        "window": { "from_minute": 540, "to_minute": 690 }, "objective": "distance" });
    let preview = s.manager.post("/api/v1/routes/preview", ask.clone()).await.json;
    assert!(
        !preview["unserved"].as_array().unwrap().is_empty(),
        "five half hours and the way do not fit: {preview}"
    );
    let set = s.company.admin.put("/api/v1/travel/learned", json!({ "on": true })).await;
    assert_eq!((set.status, &set.json["on"]), (200, &json!(true)));
    let preview = s.manager.post("/api/v1/routes/preview", ask).await.json;
    assert_eq!(preview["unserved"], json!([]), "five times twenty minutes do");
    assert_eq!(preview["source"]["learned_permille"], 1000);
    let theirs = s.stranger.get("/api/v1/travel/learned").await.json;
    assert_eq!(theirs["stays"], json!([]));
});

testkit::both!(at_the_desk_the_moment_counts, |app| async move {
    let (amap, asked) = fake(|uri, _| amap_answer(uri, 300.0)).await;
    let app = App::with_roads(app.on, RoadServers { amap, ..RoadServers::default() }).await;
    let s = Scene::begin(&app).await;
    let scope = db::Scope::job("test", s.company.id);
    let points = vec![place(1), start(), place(0)];
    let moment = async || app.kit.travel.moment_table(&scope, None, points.clone()).await;
    let seconds = |t: &api::TravelTable, from: usize, to: usize| t.cells[from * 3 + to].unwrap().0;
    // 2 km and 1 km × 1.35 at 24 km/h.
    let plain = moment().await;
    assert_eq!((seconds(&plain, 1, 0), seconds(&plain, 1, 2)), (406, 203), "rounded up");
    assert_eq!(json!(plain.source), json!({ "provider": "straight_line", "traffic": false }));

    // What was learned of this hour, eight o'clock, and not of the whole day; 7 per mille more at nine.
    let hour =
        |hour: Option<i64>, permille: i64| ::travel::learned::LearnedHour { hour, permille, samples: 9 };
    let hours = vec![hour(None, 1100), hour(Some(8), 1500), hour(Some(9), 700)];
    let learned = ::travel::learned::Learned { hours, ..Default::default() };
    let write = app
        .kit
        .db
        .write(&scope, move |tx| Box::pin(async move { ::travel::learned::store(tx, &learned).await }));
    write.await.unwrap();
    assert_eq!(seconds(&moment().await, 1, 2), 203, "not in use yet");
    assert_eq!(s.company.admin.put("/api/v1/travel/learned", json!({ "on": true })).await.status, 200);
    let eight = moment().await;
    assert_eq!((seconds(&eight, 1, 2), eight.source.learned_permille), (305, Some(1500)));
    app.clock.set(minute(70));
    assert_eq!(seconds(&moment().await, 1, 2), 143, "ten past nine");
    app.clock.set(minute(130));
    assert_eq!(seconds(&moment().await, 1, 2), 224, "of ten o'clock nothing is known but the day");
    let near = app.kit.travel.near_table(&scope, None, points.clone()).await;
    assert_eq!(
        (seconds(&near, 1, 2), near.source.learned_permille),
        (203, None),
        "plans of other days do not know now"
    );

    // The traffic of the moment, to the place that is asked for, by one call; the other ways as before.
    let mut keyed = choice("amap");
    keyed["key"] = json!("k");
    choose(&s.company.admin, keyed).await;
    let live = moment().await;
    assert_eq!((&live.source.provider[..], live.source.traffic), ("amap", true));
    assert!((598..=602).contains(&seconds(&live, 1, 0)), "2 km at 300 s: {}", seconds(&live, 1, 0));
    assert_eq!(seconds(&live, 1, 2), 224);
    assert_eq!(asked.lock().unwrap().len(), 1);
    moment().await;
    assert_eq!(asked.lock().unwrap().len(), 1, "not twice in the hour");

    // Without an answer it says so, and goes by what it has.
    let mut wrong = choice("amap");
    wrong["key"] = json!("k");
    wrong["daily_quota"] = json!(1);
    choose(&s.company.admin, wrong).await;
    app.clock.set(minute(200));
    let none = moment().await;
    assert_eq!((none.source.traffic, none.source.instead_of.as_deref()), (false, Some("amap")));
    assert_eq!(none.source.reason.as_deref(), Some("quota"));
    assert!((446..=447).contains(&seconds(&none, 1, 0)), "the line, and the mean of the day");
});
