//! A company with two regions and a day of work in one of them, as the tests of work, photos and phones need it.

use base::Micros;
use geo::LngLat;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::{App, Client, Company, FRIDAY_EIGHT, Reply};
use uuid::Uuid;

/// The day everything happens on.
pub const DAY: &str = "2026-11-20";

/// Who is there.
pub struct Scene {
    pub company: Company,
    pub region: Uuid,
    /// 陈静, who leads 张伟's region.
    pub manager: Client,
    /// 何静, who leads the other one.
    pub sibling: Client,
    /// Admin of another company.
    pub stranger: Client,
    pub rep_id: Uuid,
    pub rep: Client,
    /// Five customers of the rep, 1 to 5 km east of where he starts.
    pub customers: Vec<Uuid>,
    pub template: Value,
}

pub fn start() -> LngLat {
    LngLat::new(118.78, 32.04).expect("Nanjing")
}

/// Where customer `k` is.
pub fn place(k: usize) -> LngLat {
    geo::destination(start(), 90.0, 1000.0 * (k as f64 + 1.0))
}

pub fn id(v: &Value) -> Uuid {
    v.as_str().and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("no id: {v}"))
}

/// Minutes after eight in the morning.
pub fn minute(m: i64) -> Micros {
    FRIDAY_EIGHT.plus(m * Micros::MINUTE)
}

impl Scene {
    pub async fn begin(app: &App) -> Scene {
        let company = app.company("甲").await;
        let region = app.department(&company, "一区", company.root_department).await;
        let other = app.department(&company, "二区", company.root_department).await;
        let (_, manager) = app.person(&company, "陈静", "chenjing", "manager", region).await;
        let (_, sibling) = app.person(&company, "何静", "hejing", "manager", other).await;
        let (rep_id, rep) = app.person(&company, "张伟", "zhangwei", "rep", region).await;
        let employee = company.admin.get(&format!("/api/v1/employees/{rep_id}")).await.json;
        let version = employee["version"].as_i64().expect("version");
        let start_at = json!({ "start_at": start() });
        let placed = company.admin.patch(&format!("/api/v1/employees/{rep_id}"), version, start_at).await;
        assert_eq!(placed.status, 200, "{}", placed.json);
        let mut customers = vec![];
        for k in 0..5 {
            let new = json!({ "name": format!("客户 {}", k + 1), "grade": "A", "at": place(k), "owner_id": rep_id, "address": "中山路 88 号" });
            let made = company.admin.post("/api/v1/customers", new).await;
            assert_eq!(made.status, 201, "{}", made.json);
            customers.push(id(&made.json["id"]));
        }
        let template = manager.post("/api/v1/task-templates", template()).await;
        assert_eq!(template.status, 201, "{}", template.json);
        let stranger = app.company("乙").await.admin;
        Scene { company, region, manager, sibling, stranger, rep_id, rep, customers, template: template.json }
    }

    pub fn new_plan(&self) -> Value {
        json!({
            "id": Uuid::now_v7(), "employee_id": self.rep_id, "day": DAY, "window": { "from_minute": 540, "to_minute": 1020 },
            "template_id": self.template["id"], "customer_ids": self.customers, "objective": "distance"
        })
    }

    /// Plans the day; answers the plan.
    pub async fn plan(&self) -> Value {
        let made = self.manager.post("/api/v1/plans", self.new_plan()).await;
        assert_eq!(made.status, 201, "{}", made.json);
        made.json
    }

    pub async fn snapshot(&self) -> Value {
        let reply = self.rep.get("/api/v1/field/snapshot").await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply.json
    }

    /// Sends items as the phone of the rep.
    pub async fn sync(&self, items: &[Value]) -> Vec<Value> {
        receipts(self.sync_raw(items).await)
    }

    pub async fn sync_raw(&self, items: &[Value]) -> Reply {
        self.rep.post("/api/v1/field/sync", json!({ "device_id": "phone-1", "items": items })).await
    }

    /// Sends items that must all be taken.
    pub async fn taken(&self, items: &[Value]) {
        for receipt in self.sync(items).await {
            assert_eq!(receipt["status"], "accepted", "{receipt}");
        }
    }
}

pub fn receipts(reply: Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json["receipts"].as_array().cloned().expect("receipts")
}

/// Photo, choice and an optional text.
fn template() -> Value {
    json!({ "name": "门店拜访", "kind": "visit", "min_stay_s": 300, "steps": [
        { "title": "门头照", "kind": "photo", "min": 1, "max": 3 },
        { "title": "采购意向", "kind": "choice", "options": ["高", "中", "低"] },
        { "title": "备注", "kind": "text", "mandatory": false },
    ] })
}

/// An item of the outbox.
pub fn item(kind: &str, at: Micros, body: Value) -> Value {
    json!({ "id": Uuid::now_v7(), "kind": kind, "at": at, "body": body })
}

pub fn fix(at: LngLat, accuracy_m: f64, t: Micros) -> Value {
    json!({ "at": at, "accuracy_m": accuracy_m, "t": t })
}

/// A visit as a phone records it: its items in the order they are made, and the photo's bytes.
pub struct Recorded {
    pub visit: Uuid,
    pub photo: Uuid,
    pub bytes: Vec<u8>,
    pub items: Vec<Value>,
}

/// Records a good visit for a task, `from` to `to` minutes after eight.
pub fn record(task: &Value, at: LngLat, from: i64, to: i64) -> Recorded {
    let seed = task["seq"].as_u64().unwrap_or(0) as u8;
    let (visit, photo, bytes) = (Uuid::now_v7(), Uuid::now_v7(), jpeg(640, 480, seed));
    let steps = task["steps"].as_array().expect("steps");
    let step = |k: usize| steps[k]["id"].clone();
    let (here, leaving) = (fix(at, 9.0, minute(from)), fix(at, 12.0, minute(to)));
    let items = vec![
        item(
            "visit.check_in",
            minute(from),
            json!({ "visit_id": visit, "task_id": task["id"], "customer_id": task["customer"]["id"], "fix": here, "offline": true }),
        ),
        item(
            "visit.photo",
            minute(from + 2),
            json!({
                "visit_id": visit, "step_id": step(0), "photo_id": photo, "sha256": sha256(&bytes), "size": bytes.len(), "mime": "image/jpeg",
                "width": 640, "height": 480, "taken_at": minute(from + 2), "fix": here, "live": true
            }),
        ),
        item(
            "visit.step",
            minute(from + 3),
            json!({ "visit_id": visit, "step_id": step(0), "status": "done", "photo_ids": [photo], "started_at": minute(from + 1) }),
        ),
        item(
            "visit.step",
            minute(from + 5),
            json!({ "visit_id": visit, "step_id": step(1), "status": "done", "value": "高" }),
        ),
        item("visit.summary", minute(to), json!({ "visit_id": visit, "text": "首单意向 20 箱" })),
        item("visit.check_out", minute(to), json!({ "visit_id": visit, "fix": leaving })),
    ];
    Recorded { visit, photo, bytes, items }
}

pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A picture that no other seed gives.
pub fn jpeg(width: u32, height: u32, seed: u8) -> Vec<u8> {
    let pixel = |x: u32, y: u32| image::Rgb([(x % 256) as u8, (y % 256) as u8, seed.wrapping_mul(37)]);
    let mut bytes = std::io::Cursor::new(vec![]);
    image::RgbImage::from_fn(width, height, pixel)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .expect("a picture");
    bytes.into_inner()
}
