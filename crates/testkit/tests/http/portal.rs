//! What people without a sign-in send with a fault, and who is told of targets that are missed.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Client, Reply};
use uuid::Uuid;

use crate::{
    orders::desk,
    scene::{Scene, jpeg, minute},
};

async fn picture(client: &Client, word: &str, id: Uuid, bytes: Vec<u8>) -> Reply {
    client.post_bytes(&format!("/api/v1/public/orders/{word}/photos?id={id}"), bytes).await
}

testkit::both!(a_fault_is_shown_by_pictures_and_little_of_them, |app| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(90));
    let nobody = app.stranger();
    let label = d.equipment["label"].as_str().expect("label").to_owned();
    let id = Uuid::now_v7();
    let fault = json!({ "id": id, "text": "不制冷", "phone": "13812342207" });
    let taken = nobody.post(&format!("/api/v1/public/equipment/{label}/faults"), fault).await;
    assert_eq!(taken.status, 201, "{}", taken.json);
    let word = taken.json["token"].as_str().expect("token").to_owned();
    let (one, bytes) = (Uuid::now_v7(), jpeg(64, 48, 3));
    let kept = picture(&nobody, &word, one, bytes.clone()).await;
    assert_eq!((kept.status, &kept.json["width"]), (201, &json!(64)), "{}", kept.json);
    assert_eq!(picture(&nobody, &word, one, bytes.clone()).await.status, 201, "the same again");
    assert_eq!(picture(&nobody, &word, one, jpeg(64, 48, 4)).await.code(), "sync.conflict");
    for (what, bytes) in [
        ("text", b"no picture".to_vec()),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        ("nothing", vec![]),
    ] {
        let reply = picture(&nobody, &word, Uuid::now_v7(), bytes).await;
        assert_eq!((reply.status, reply.code()), (422, "portal.photo_kind"), "{what}: {}", reply.json);
    }
    // A header that promises more pixels than are taken: refused before anything is decoded.
    let huge = crate::evidence::bomb(30_000, 30_000);
    let reply = picture(&nobody, &word, Uuid::now_v7(), huge).await;
    assert_eq!((reply.status, reply.code()), (422, "portal.photo_pixels"), "{}", reply.json);
    let large = vec![0_u8; (8 << 20) + 1];
    assert_eq!(picture(&nobody, &word, Uuid::now_v7(), large).await.status, 413);
    for k in 0..2 {
        assert_eq!(picture(&nobody, &word, Uuid::now_v7(), jpeg(32, 32, 10 + k)).await.status, 201);
    }
    let fourth = picture(&nobody, &word, Uuid::now_v7(), jpeg(32, 32, 30)).await;
    assert_eq!((fourth.status, fourth.code()), (409, "portal.photos_many"), "{}", fourth.json);
    assert_eq!(picture(&nobody, "abcdefghjkmnpqrstuvw", Uuid::now_v7(), bytes).await.status, 404);

    // Seen with the order, by those who see it, and by nobody who only has the word.
    let order = s.manager.get(&format!("/api/v1/orders/{id}")).await.json;
    assert_eq!(order["photos"].as_array().map(Vec::len), Some(3), "{order}");
    let path = format!("/api/v1/orders/{id}/photos/{one}");
    let got = s.manager.get(&path).await;
    assert_eq!((got.status, got.headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    for other in [&s.sibling, &s.stranger] {
        assert_eq!(other.get(&path).await.status, 404);
    }
    assert_eq!(nobody.get(&path).await.status, 401);
    assert!(s.manager.get(&format!("/api/v1/orders/{id}/photos/{}", Uuid::now_v7())).await.status == 404);

    // Nothing between keeps what a stranger sent or reads.
    let shown = nobody.get(&format!("/api/v1/public/orders/{word}")).await;
    for answer in [&kept, &shown] {
        let kept = answer.headers["cache-control"].to_str().unwrap();
        assert!(kept.contains("no-store"), "{kept}");
    }
    // A phone that sends twice at once, because no answer came, has sent one picture.
    let racing = json!({ "id": Uuid::now_v7(), "text": "漏水", "phone": "13812342207" });
    let second = nobody.post(&format!("/api/v1/public/equipment/{label}/faults"), racing.clone()).await;
    let word2 = second.json["token"].as_str().expect("token").to_owned();
    let (twin, bytes) = (Uuid::now_v7(), jpeg(64, 48, 9));
    let both = futures::future::join_all((0..3).map(|_| picture(&nobody, &word2, twin, bytes.clone()))).await;
    let statuses: Vec<u16> = both.iter().map(|r| r.status).collect();
    assert!(statuses.contains(&201) && statuses.iter().all(|s| [201, 409].contains(s)), "{statuses:?}");
    let order = s.manager.get(&format!("/api/v1/orders/{}", racing["id"].as_str().unwrap())).await.json;
    assert_eq!(order["photos"].as_array().map(Vec::len), Some(1), "{order}");

    // One address tries often: it is held back.
    let mut held = false;
    for k in 0..45 {
        let reply = picture(&nobody, &word, Uuid::now_v7(), vec![k; 10]).await;
        if reply.status == 429 {
            held = true;
            break;
        }
    }
    assert!(held);
});

testkit::both!(each_missed_target_is_told_once, |app| async move {
    let s = Scene::begin(&app).await;
    let d = desk(&s).await;
    app.clock.set(minute(60));
    let new = json!({ "id": Uuid::now_v7(), "type_id": d.kind["id"], "customer_id": s.customers[0], "title": "冰柜不制冷", "priority": 1 });
    let order = s.manager.post("/api/v1/orders", new).await;
    assert_eq!(order.status, 201, "{}", order.json);
    let told = async |kind: &str, at_least: usize| {
        let mut count = 0;
        for _ in 0..100 {
            let notices = s.manager.get("/api/v1/notices").await.json;
            count =
                notices["items"].as_array().unwrap().iter().filter(|n: &&Value| n["kind"] == kind).count();
            if count >= at_least {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        count
    };
    // Two hours until somebody is there, four until it is done.
    app.clock.set(minute(60 + 125));
    assert_eq!(told("order.late_response", 1).await, 1);
    assert_eq!(told("order.late", 0).await, 0);
    app.clock.set(minute(60 + 245));
    assert_eq!(told("order.late", 1).await, 1);
    assert_eq!(told("order.late_response", 0).await, 1);
});
