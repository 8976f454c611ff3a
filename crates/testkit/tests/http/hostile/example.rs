//! A good body for an operation, from its schema and what the company of the test holds.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::scene::{DAY, Scene};

/// A point on P-256, as phones send their public key.
pub const POINT: &str =
    "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";

/// Makes bodies.
pub struct Examples<'a> {
    pub document: &'a Value,
    pub scene: &'a Scene,
    pub calendar: Value,
    pub policy: Value,
    pub class: Value,
    pub leave_type: Value,
    pub order_type: Value,
    pub meter: Value,
    count: AtomicU64,
}

impl<'a> Examples<'a> {
    pub async fn of(document: &'a Value, scene: &'a Scene) -> Examples<'a> {
        let first = async |path: &str| {
            let list = scene.company.admin.get(path).await;
            list.json["items"][0]["id"].clone()
        };
        Examples {
            document,
            scene,
            calendar: first("/api/v1/calendars").await,
            policy: first("/api/v1/policies").await,
            class: first("/api/v1/customer-classes").await,
            leave_type: first("/api/v1/leave-types").await,
            order_type: first("/api/v1/order-types").await,
            meter: crate::maintenance::metered(scene).await,
            count: AtomicU64::new(0),
        }
    }

    /// A body of this schema, new each time where something must not repeat.
    pub fn body(&self, schema: &Value) -> Value {
        self.value(schema, "", "")
    }

    fn value(&self, schema: &Value, owner: &str, field: &str) -> Value {
        if let Some(known) = self.known(owner, field) {
            return known;
        }
        if let Some(name) = reference(schema) {
            return self.value(&self.document["components"]["schemas"][name], name, "");
        }
        for many in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[many].as_array() {
                let real = choices.iter().find(|c| c["type"] != "null").expect("a choice");
                return self.value(real, owner, field);
            }
        }
        if let Some(first) = schema["enum"].as_array().and_then(|e| e.first()) {
            return first.clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find(|k| *k != "null").and_then(Value::as_str),
            kind => kind.as_str(),
        };
        match kind {
            Some("object") => {
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                let made = properties.iter().map(|(k, s)| (k.clone(), self.value(s, owner, k)));
                Value::Object(made.collect::<Map<_, _>>())
            }
            Some("array") => {
                let least = schema["minItems"].as_u64().unwrap_or(1).max(1);
                (0..least).map(|_| self.value(&schema["items"], owner, "")).collect()
            }
            Some("integer") => schema["minimum"].as_i64().unwrap_or(1).into(),
            Some("number") => json!(1.5),
            Some("boolean") => json!(true),
            Some("string") if schema["format"] == "uuid" => json!(Uuid::now_v7()),
            Some("string") if schema["format"] == "date" => json!(DAY),
            Some("string") if schema["format"] == "date-time" => json!("2026-11-20T01:30:00Z"),
            _ => json!("踏实"),
        }
    }

    fn fresh(&self, word: &str) -> Value {
        format!("{word}{}", self.count.fetch_add(1, Ordering::Relaxed)).into()
    }

    /// Fields whose meaning stands in prose.
    fn known(&self, owner: &str, field: &str) -> Option<Value> {
        let s = self.scene;
        Some(match (owner, field) {
            ("Basemap", "kind") => json!("raster"),
            ("Basemap", "max_zoom") => json!(18),
            ("NewPolicy", "mode") => json!("balanced"),
            ("NewPolicy", "interval_s") => json!(30),
            ("NewPolicy", "distance_m") => json!(50),
            ("NewPolicy", "heartbeat_s") => json!(300),
            ("NewRole", "permissions") => json!(["customer.read"]),
            ("NewRole", "reach") => json!("departments"),
            ("NewTemplate" | "PatchTemplate", "kind") => json!("visit"),
            ("NewTemplate" | "PatchTemplate", "min_stay_s") => json!(300),
            ("NewCompany", "goal") => json!("truth"),
            ("NewStep", "options" | "min" | "max" | "title_en" | "id") => Value::Null,
            ("FenceShape", "polygon") => Value::Null,
            ("TravelQuestion", "mode") | ("EmployeeDay", "start" | "end") => Value::Null,
            ("DayPolicy", "office") => json!([118.78, 32.04]),
            ("OpeningHours", "closed") => json!([]),
            ("NewPatrol", "weekdays") => json!([5]),
            ("FrequencyTerms", "grades") => json!(["A"]),
            ("NewCustomerGrades", "items") => json!(["A", "B", "C"]),
            ("FrequencyTerms", "fields") => json!([]),
            ("FrequencyTerms", "weekdays") => json!([1, 2, 3, 4, 5]),
            ("VroomProblem", "jobs") => json!([{ "id": 1, "location": [118.79, 32.05], "service": 600 }]),
            ("VroomProblem", "vehicles") => json!([{ "id": 1, "start": [118.78, 32.04] }]),
            ("BoardDraftRow" | "BoardPublishRow", "tasks")
            | ("BoardOptimise" | "BoardOptimiseDays", "pool") => json!([]),
            ("CustomerWhom", "preferred_id") => Value::Null,
            ("CustomerWhom", "barred_ids") => json!([]),
            ("BoardPublish", "moved") => json!([]),
            ("BoardPublish" | "BoardOptimiseDay", "day") => json!("2026-11-25"),
            ("CancelPlan", "locked") => json!("cancel"),
            ("BoardPublishRow", "plan_id" | "version") => Value::Null,
            ("NewTerritory", "polygon") => {
                json!([[118.77, 32.03], [118.8, 32.03], [118.8, 32.06], [118.77, 32.06]])
            }
            ("NewTerritory", "responsible_id") => json!(s.rep_id),
            ("NewTerritory" | "NewView", "id") | ("NewTerritory", "customer_ids") => Value::Null,
            ("NewView", "list") => json!("customers"),
            ("NewForm" | "CheckForm" | "PatchForm", "spec") => crate::forms::small_spec(),
            ("NewForm" | "NewObjectInput", "key") => self.fresh("form_"),
            ("NewObjectInput", "spec") => crate::objects::small_spec(),
            ("NewObjectInput" | "PatchObject", "name") => json!({ "zh-CN": "促销" }),
            ("NewObjectInput" | "PatchObject", "icon") => json!("gift"),
            ("NewObjectInput" | "PatchObject", "numbering") => json!("CX-{0000}"),
            ("NewArticleInput" | "NewArticleCategory", "id") => Value::Null,
            ("NewArticleInput" | "PatchArticle", "category_id") => Value::Null,
            ("NewArticleCategory" | "PatchArticleCategory", "parent_id") => Value::Null,
            ("NewArticleInput" | "PatchArticle", "audience") => {
                json!({ "departments": [s.region], "roles": ["rep"] })
            }
            ("PatchArticle", "retired") => json!(false),
            ("NewStep", "guide_id") => Value::Null,
            ("NewStep", "guide_required") => json!(false),
            ("NewStep", "proofs") => json!([]),
            ("NewObjectInput" | "NewObjectRecord", "id") | ("PatchObject", "title_field") => Value::Null,
            ("PatchObject", "columns") => json!(["name"]),
            ("PatchObject", "retired") => json!(false),
            ("NewObjectRecord", "number") | ("NewObjectRecord" | "PatchObjectRecord", "owner_id") => {
                Value::Null
            }
            ("NewObjectRecord" | "PatchObjectRecord", "answers") => json!({ "name": "春节" }),
            ("NewForm", "id") | ("NewStep", "form_id") => Value::Null,
            ("PatchForm", "retired" | "collect") => json!(false),
            ("PatchRecord" | "Resubmission", "answers") => json!({ "ok": true }),
            ("NewFlow" | "PatchFlow", "draft") | ("CheckFlow" | "SimulateFlow", "doc") => {
                crate::approvals::small_flow()
            }
            ("NewFlow" | "PatchFlow" | "CheckFlow" | "SimulateFlow", "subject" | "id") => Value::Null,
            ("PatchFlow", "retired") => json!(false),
            ("SimulateFlow", "requester_id") | ("NewDelegation", "deputy_id") => json!(s.rep_id),
            ("SimulateFlow" | "NewAction", "values" | "chosen") => json!({}),
            ("NewAction", "file_ids") => json!([]),
            ("NewAction", "action") => json!("comment"),
            ("NewAction", "to" | "step") | ("NewDelegation", "id") => Value::Null,
            ("NewDelegation", "until_at") => json!("2026-11-22T01:30:00Z"),
            ("BulkDecision", "action") => json!("approve"),
            ("NewWorkShift" | "NewShiftPattern" | "NewPunchPlace" | "NewLeaveType", "id") => Value::Null,
            ("NewWorkShift", "short") => json!("白"),
            ("NewWorkShift" | "NewPunchPlace" | "NewLeaveType", "retired") => json!(false),
            ("NewShiftPattern", "week" | "employee_id") | ("RosterChange", "shift_id") => Value::Null,
            ("NewAttendanceRequest", "kind") => json!("overtime"),
            ("NewAttendanceRequest", "from_day") => json!("2026-11-27"),
            ("NewAttendanceRequest", "cancels_id" | "to_day" | "leave_type_id") => Value::Null,
            ("NewGrants", "employee_ids") => json!([s.rep_id]),
            ("NewGrants", "year") => json!(2026),
            ("NewGrants", "milli") => json!(1000),
            ("NewGrants", "leave_type_id") => self.leave_type.clone(),
            (
                "NewEquipment" | "NewWorkOrder" | "NewOrderType" | "NewPart" | "NewStockMove" | "Assignment"
                | "Fulfilment" | "NewStock",
                "id",
            )
            | ("NewEquipment", "parent_id" | "warranty_until" | "type_id")
            | ("NewEquipmentType", "id")
            | ("NewWorkOrder", "equipment_id" | "from_id")
            | ("NewStock", "van_of")
            | ("Assignment", "window")
            | ("OrderTypeTerms", "template_id") => Value::Null,
            ("MaintenanceTerms", "equipment_id" | "meter" | "meter_every" | "equipment_type_id") => {
                Value::Null
            }
            ("MaintenanceTerms", "model") => json!("SC-320"),
            ("MaintenanceTerms", "unit") => json!("month"),
            ("MaintenanceTerms", "start_on") => json!("2027-01-31"),
            ("MaintenanceTerms" | "InspectionTerms", "type_id") => self.order_type.clone(),
            ("SkipMaintenance", "due_total") | ("NewMeter" | "NewMeterReading", "id") => Value::Null,
            ("NewMaintenancePlan" | "NewInspectionPlan", "id") => Value::Null,
            ("NewMeterReading", "meter_id") => self.meter.clone(),
            ("NewMeterReading", "at") | ("NewStep", "point") | ("NewTask", "title") => Value::Null,
            ("NewTask", "with") => json!([]),
            ("InspectionPoint", "equipment_id" | "form_id" | "title") => Value::Null,
            ("InspectionPoint", "label") => json!(false),
            ("InspectionPerson", "weekdays") => json!([6]),
            ("NewEquipment", "status") => json!("in_use"),
            ("NewStockMove", "kind") => json!("receive"),
            ("OrderTypeTerms", "active") | ("NewPart", "active") => json!(true),
            ("TravelChoice", "profile") => json!("car"),
            ("TravelQuestion", "points") => json!([[118.78, 32.04], [118.8, 32.05]]),
            ("NearSearch", "from") => json!("2026-11-20T01:00:00Z"),
            ("NearSearch", "reason") => json!("事故核查"),
            ("NewDeviceKey", "public_key") => json!(POINT),
            ("NewUpload", "size") => json!(1000),
            ("NewUpload", "sha256") => json!("ab".repeat(32)),
            ("NewEmployee" | "NewCompany" | "Login", "password") => json!(testkit::PASSWORD),
            ("Login", "login") => json!("zhangwei"),
            ("Login", "totp") | ("CustomerPatch", "department_id") => Value::Null,
            ("PasswordChange", "old") => json!("not-the-password"),
            ("PasswordChange", "new") => json!("another-password-9"),
            ("DepartmentPatch", "parent_id") | ("NewDepartment", "parent_id") => {
                json!(s.company.root_department)
            }
            ("EquipmentTypeTerms", "manual_ids") => json!([]),
            (_, "manager_ids") => json!([s.rep_id]),
            (_, "employee_id" | "owner_id") => json!(s.rep_id),
            (_, "department_id") => json!(s.region),
            (_, "role_id") => json!(s.company.roles["rep"]),
            (_, "customer_id") => json!(s.customers[0]),
            (_, "customer_ids") => json!(s.customers[..3]),
            (_, "template_id") => s.template["id"].clone(),
            (_, "calendar_id") => self.calendar.clone(),
            (_, "policy_id") => self.policy.clone(),
            (_, "class_id") => self.class.clone(),
            (_, "url") => json!("https://tiles.example/{z}/{x}/{y}.png"),
            (_, "at" | "start_at" | "centre") => json!([118.78, 32.04]),
            (_, "crs" | "datum") => json!("wgs84"),
            (_, "grade") => json!("A"),
            (_, "status") => json!("active"),
            (_, "lang") => json!("zh"),
            (_, "mime") => json!("image/jpeg"),
            (_, "phone") => json!("13812342207"),
            (_, "time_zone") => json!("Asia/Shanghai"),
            (_, "radius_m") => json!(100),
            (_, "from_minute") => json!(540),
            (_, "to_minute") => json!(1020),
            (_, "service_minutes") => json!(30),
            (_, "login" | "code") => self.fresh("h"),
            (_, "name") => self.fresh("名"),
            _ => return None,
        })
    }
}

/// Name of the schema referred to.
fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// Every place in a value: the pointers of all members, containers too.
pub fn places(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: String, all: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(k, v)| walk(v, format!("{at}/{k}"), all)),
            // The first of a list stands for all.
            Value::Array(list) => list.iter().take(1).for_each(|v| walk(v, format!("{at}/0"), all)),
            _ => {}
        }
        if !at.is_empty() {
            all.push(at);
        }
    }
    let mut all = vec![];
    walk(value, String::new(), &mut all);
    all
}

/// The text of a value with another text at one place.
pub fn with(value: &Value, place: &str, text: &str) -> String {
    const MARK: &str = "c0ffee-put-it-here";
    let mut marked = value.clone();
    *marked.pointer_mut(place).expect("a place of the value") = json!(MARK);
    marked.to_string().replacen(&format!("\"{MARK}\""), text, 1)
}

/// The value without one of its members.
pub fn without(value: &Value, place: &str) -> String {
    let mut less = value.clone();
    let (parent, name) = place.rsplit_once('/').expect("a place below the root");
    match less.pointer_mut(parent).expect("its parent") {
        Value::Object(map) => drop(map.remove(name)),
        Value::Array(list) => list.clear(),
        _ => {}
    }
    less.to_string()
}
