//! Photos: pieces, hashes, hostile files, copies.

use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::json;
use testkit::{App, Client, Reply};
use uuid::Uuid;

use crate::scene::{Recorded, Scene, jpeg, minute, place, record, sha256};

async fn open(client: &Client, id: Uuid, bytes: &[u8], mime: &str) -> Reply {
    client
        .post(
            "/api/v1/uploads",
            json!({ "id": id, "size": bytes.len(), "sha256": sha256(bytes), "mime": mime }),
        )
        .await
}

pub async fn piece(client: &Client, id: Uuid, offset: usize, bytes: &[u8]) -> Reply {
    let request = client
        .request(Method::PATCH, &format!("/api/v1/uploads/{id}"))
        .header("upload-offset", offset.to_string());
    client.send(request.header("content-type", "application/octet-stream").body(bytes.to_vec())).await
}

/// Sends a whole file in one go of largest pieces; answers the last reply.
async fn upload(client: &Client, id: Uuid, bytes: &[u8], mime: &str) -> Reply {
    let mut reply = open(client, id, bytes, mime).await;
    let mut offset = 0;
    while reply.status == 200 && offset < bytes.len() {
        let end = (offset + 256 * 1024).min(bytes.len());
        reply = piece(client, id, offset, &bytes[offset..end]).await;
        offset = end;
    }
    reply
}

/// A visit whose photo is recorded but not here yet.
async fn visited(app: &App, s: &Scene) -> Recorded {
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let r = record(&task, place(0), 70, 100);
    s.taken(&r.items).await;
    r
}

testkit::both!(a_photo_arrives_in_pieces, |app| async move {
    let s = Scene::begin(&app).await;
    let r = visited(&app, &s).await;
    let opened = open(&s.rep, r.photo, &r.bytes, "image/jpeg").await;
    assert_eq!((opened.status, opened.json["offset"].as_i64()), (200, Some(0)), "{}", opened.json);
    let half = r.bytes.len() / 2;
    assert_eq!(piece(&s.rep, r.photo, 0, &r.bytes[..half]).await.json["offset"], half);
    let wrong = piece(&s.rep, r.photo, 0, &r.bytes[..half]).await;
    assert_eq!((wrong.status, wrong.code(), &wrong.json["offset"]), (409, "upload.offset", &json!(half)));
    assert_eq!(
        open(&s.rep, r.photo, &r.bytes, "image/jpeg").await.json["offset"],
        half,
        "opening again resumes"
    );
    assert_eq!(s.rep.get(&format!("/api/v1/uploads/{}", r.photo)).await.json["offset"], half);
    let last = piece(&s.rep, r.photo, half, &r.bytes[half..]).await;
    assert_eq!((last.status, last.json["complete"].as_bool()), (200, Some(true)), "{}", last.json);

    let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
    assert_eq!(visit["photos"][0]["status"], "stored");
    let original = s.manager.get(visit["photos"][0]["original_url"].as_str().unwrap()).await;
    assert!(original.status == 200 && original.bytes == r.bytes, "not a byte is changed");
    assert_eq!(original.headers["content-type"], "image/jpeg");
    assert!(original.headers["cache-control"].to_str().unwrap().contains("private"));
    assert_eq!(original.headers["x-content-type-options"], "nosniff");
    assert!(original.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let stamped = s.manager.get(visit["photos"][0]["stamped_url"].as_str().unwrap()).await;
    assert_eq!(stamped.status, 200, "{}", stamped.json);
    let (before, after) = (
        image::load_from_memory(&r.bytes).unwrap().into_rgb8(),
        image::load_from_memory(&stamped.bytes).unwrap().into_rgb8(),
    );
    assert_eq!(before.dimensions(), after.dimensions());
    let light =
        |p: &image::RgbImage, y: u32| (0..p.width()).map(|x| u64::from(p.get_pixel(x, y).0[1])).sum::<u64>();
    assert!(light(&after, 470) < light(&before, 470) / 2, "dark at the foot");
    assert!(light(&after, 40).abs_diff(light(&before, 40)) < 10_000, "and as it was above");
    let thumb = s.manager.get(visit["photos"][0]["thumb_url"].as_str().unwrap()).await;
    assert_eq!(image::load_from_memory(&thumb.bytes).unwrap().width(), 480);
});

testkit::both!(five_hundred_cuts_give_the_same_file, |app| async move {
    let s = Scene::begin(&app).await;
    let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let mut cuts = 0;
    for round in 0..12_u8 {
        let (id, bytes) = (Uuid::now_v7(), jpeg(900 + u32::from(round), 700, round));
        open(&s.rep, id, &bytes, "image/jpeg").await;
        let mut offset = 0;
        while offset < bytes.len() {
            let end = (offset + dice.random_range(1..=bytes.len() / 30)).min(bytes.len());
            // Sometimes a piece comes from where the phone was before, or twice.
            if dice.random_bool(0.2) {
                let stale = piece(&s.rep, id, offset / 2, &bytes[offset / 2..end]).await;
                if offset > 1 {
                    assert_eq!(stale.json["offset"], offset);
                    offset = usize::try_from(stale.json["offset"].as_u64().unwrap()).unwrap();
                } else {
                    offset = usize::try_from(stale.json["offset"].as_u64().unwrap()).unwrap();
                    continue;
                }
            }
            let reply = piece(&s.rep, id, offset, &bytes[offset..end]).await;
            assert_eq!(reply.status, 200, "{}", reply.json);
            offset = usize::try_from(reply.json["offset"].as_u64().unwrap()).unwrap();
            cuts += 1;
        }
        let state = s.rep.get(&format!("/api/v1/uploads/{id}")).await.json;
        assert_eq!(
            (state["complete"].as_bool(), state["offset"].as_u64()),
            (Some(true), Some(bytes.len() as u64))
        );
        let kept = app.kit.files.get(s.company.id, id, "original").await.unwrap().unwrap();
        assert!(kept == bytes, "round {round}");
    }
    assert!(cuts >= 300, "{cuts} cuts");
});

testkit::both!(bytes_may_come_before_the_record, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    let r = record(&task, place(0), 70, 100);
    assert_eq!(upload(&s.rep, r.photo, &r.bytes, "image/jpeg").await.json["complete"], true);
    assert_eq!(
        s.rep.get(&format!("/api/v1/photos/{}/original", r.photo)).await.status,
        404,
        "no record, no photo"
    );
    s.taken(&r.items).await;
    let stamped = s.manager.get(&format!("/api/v1/photos/{}/stamped", r.photo)).await;
    assert_eq!((stamped.status, stamped.headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    // Another file under a recorded photo's id is refused before a byte is sent.
    let other = record(&task, place(0), 70, 100);
    let mut items = other.items.clone();
    items[0]["body"]["task_id"] = json!(null);
    s.taken(&items[..1]).await;
    assert_eq!(open(&s.rep, r.photo, &jpeg(50, 50, 9), "image/jpeg").await.code(), "sync.conflict");
});

testkit::both!(a_wrong_hash_starts_anew, |app| async move {
    let s = Scene::begin(&app).await;
    let r = visited(&app, &s).await;
    open(&s.rep, r.photo, &r.bytes, "image/jpeg").await;
    let mut spoiled = r.bytes.clone();
    spoiled[300] ^= 1;
    let refused = piece(&s.rep, r.photo, 0, &spoiled).await;
    assert_eq!((refused.status, refused.code()), (422, "upload.hash_mismatch"));
    assert_eq!(s.rep.get(&format!("/api/v1/uploads/{}", r.photo)).await.json["offset"], 0);
    let visit = s.manager.get(&format!("/api/v1/visits/{}", r.visit)).await.json;
    assert_eq!(visit["photos"][0]["status"], "awaiting");
    assert_eq!(piece(&s.rep, r.photo, 0, &r.bytes).await.json["complete"], true);
});

/// A PNG whose header promises what its few bytes do not hold.
pub fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(vec![]);
    image::RgbImage::new(1, 1).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let mut bytes = bytes.into_inner();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = !bytes[12..29].iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    });
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

testkit::both!(hostile_files_do_no_harm, |app| async move {
    let s = Scene::begin(&app).await;
    let cases: [(&str, Vec<u8>, &str, &str); 7] = [
        ("a page", b"<!doctype html><script>alert(1)</script>".to_vec(), "image/jpeg", "upload.not_picture"),
        (
            "a drawing with scripts",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
            "image/png",
            "upload.not_picture",
        ),
        (
            "a GIF",
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff;".to_vec(),
            "image/webp",
            "upload.not_picture",
        ),
        ("a PNG called JPEG", bomb(1, 1), "image/jpeg", "upload.not_picture"),
        ("a bomb of 900 million pixels", bomb(30_000, 30_000), "image/png", "upload.too_many_pixels"),
        ("a bomb beyond all bounds", bomb(2_000_000_000, 2_000_000_000), "image/png", "upload"),
        ("a cut header", jpeg(300, 200, 1)[..40].to_vec(), "image/jpeg", "upload.not_picture"),
    ];
    for (what, bytes, mime, code) in cases {
        let id = Uuid::now_v7();
        let reply = upload(&s.rep, id, &bytes, mime).await;
        assert_eq!(reply.status, 422, "{what}: {}", reply.json);
        assert!(reply.code().starts_with(code), "{what}: {}", reply.code());
        assert_eq!(s.rep.get(&format!("/api/v1/uploads/{id}")).await.status, 404, "{what} is forgotten");
        assert!(
            app.kit.files.get(s.company.id, id, "part").await.unwrap().is_none(),
            "{what} leaves no file"
        );
    }
    for (size, mime) in
        [(0, "image/jpeg"), (21 * 1024 * 1024, "image/jpeg"), (10, "image/gif"), (10, "text/html")]
    {
        let reply = s
            .rep
            .post(
                "/api/v1/uploads",
                json!({ "id": Uuid::now_v7(), "size": size, "sha256": "0".repeat(64), "mime": mime }),
            )
            .await;
        assert_eq!(reply.status, 422, "{size} {mime}");
    }
    let id = Uuid::now_v7();
    open(&s.rep, id, &jpeg(300, 200, 1), "image/jpeg").await;
    assert_eq!(piece(&s.rep, id, 0, &vec![0; 256 * 1024 + 1]).await.status, 413);
    assert_eq!(piece(&s.rep, id, 0, &vec![0; 256 * 1024]).await.status, 422, "more than declared");
    let bare = s.rep.request(Method::PATCH, &format!("/api/v1/uploads/{id}")).body(vec![0; 8]);
    assert_eq!(s.rep.send(bare).await.status, 422, "no offset");
});

testkit::both!(a_damaged_original_is_kept_and_said_so, |app| async move {
    let s = Scene::begin(&app).await;
    s.plan().await;
    let task = s.snapshot().await["tasks"][0].clone();
    app.clock.set(minute(101));
    // The header is whole, the picture is not there.
    let bytes = bomb(6_000, 6_000);
    let mut r = record(&task, place(0), 70, 100);
    r.items[1]["body"]["sha256"] = json!(sha256(&bytes));
    r.items[1]["body"]["size"] = json!(bytes.len());
    r.items[1]["body"]["mime"] = json!("image/png");
    s.taken(&r.items).await;
    assert_eq!(upload(&s.rep, r.photo, &bytes, "image/png").await.json["complete"], true);
    let original = s.manager.get(&format!("/api/v1/photos/{}/original", r.photo)).await;
    assert!(original.status == 200 && original.bytes == bytes);
    let stamped = s.manager.get(&format!("/api/v1/photos/{}/stamped", r.photo)).await;
    assert_eq!((stamped.status, stamped.code()), (422, "photo.unreadable"));
});

testkit::both!(photos_of_others_do_not_exist, |app| async move {
    let s = Scene::begin(&app).await;
    let r = visited(&app, &s).await;
    upload(&s.rep, r.photo, &r.bytes, "image/jpeg").await;
    let (_, other) = app.person(&s.company, "吴婷", "wuting", "rep", s.region).await;
    for client in [&s.sibling, &s.stranger, &other] {
        for copy in ["original", "stamped", "thumb"] {
            let there = client.get(&format!("/api/v1/photos/{}/{copy}", r.photo)).await;
            let nowhere = client.get(&format!("/api/v1/photos/{}/{copy}", Uuid::now_v7())).await;
            assert_eq!((there.status, there.code()), (404, nowhere.code()), "as if there were none");
        }
    }
    assert_eq!(other.get(&format!("/api/v1/uploads/{}", r.photo)).await.status, 404);
    assert_eq!(piece(&other, r.photo, 0, b"x").await.status, 404);
    assert_eq!(open(&other, r.photo, &r.bytes, "image/jpeg").await.code(), "sync.conflict");
    assert_eq!(s.rep.get(&format!("/api/v1/photos/{}/thumb", r.photo)).await.status, 200);
    assert_eq!(s.rep.get(&format!("/api/v1/photos/{}/negative", r.photo)).await.status, 404);
});

testkit::both!(copies_left_unmade_are_made_after_a_start, |app| async move {
    let s = Scene::begin(&app).await;
    let r = visited(&app, &s).await;
    upload(&s.rep, r.photo, &r.bytes, "image/jpeg").await;
    s.manager.get(&format!("/api/v1/photos/{}/stamped", r.photo)).await;
    let (tenant, photo) = (s.company.id, r.photo);
    let scope = db::Scope::job("test", tenant);
    let undone = app.kit.db.write(&scope, move |tx| {
        Box::pin(async move {
            tx.exec(
                db::sql!("UPDATE photo SET stamped_at = NULL WHERE tenant_id = $1 AND id = $3"),
                db::args![photo],
            )
            .await
        })
    });
    assert_eq!(undone.await.unwrap(), 1);
    app.kit.files.delete(tenant, photo, "stamped").await.unwrap();
    let app = app.restart().await;
    for _ in 0..100 {
        if app.kit.files.get(tenant, photo, "stamped").await.unwrap().is_some() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("nobody developed the photo");
});
