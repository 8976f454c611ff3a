//! The rules by code: how strong each may be alone, what it says in words, and which innocent causes to check.
//!
//! Words state what was measured and leave the conclusion to people.

use crate::rates;
use base::problem::Lang;
use serde::{Deserialize, Serialize};

/// Version of all rules together; every stored finding names it.
pub const VERSION: &str = "tashi-trust-2";

/// Rules that see the same thing from different sides: of a group only the strongest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Native,
    Fields,
    Noise,
    Motion,
    Jump,
    Replay,
    Clock,
    Device,
    Pair,
    Area,
    Stay,
    Place,
    Customer,
    Photo,
    Steps,
    /// The chain of a phone's seals.
    Chain,
}

/// An innocent cause to look at before anything is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    ExternalReceiver,
    DeveloperPhone,
    Indoors,
    WifiPlacing,
    Metro,
    BatterySaver,
    PhoneHabit,
    CruiseControl,
    TrainFerryPlane,
    TwoUploads,
    RecordedTwice,
    JointVisit,
    Commute,
    BusinessTrip,
    NewPhone,
    LentPhone,
    SharedPhone,
    OldClock,
    NoNetwork,
    DropOff,
    ShopMoved,
    MapPinWrong,
    Congestion,
    SameShelf,
    GalleryAllowed,
    Practised,
    StorageDamaged,
    PhoneRestored,
    ServerRestored,
    OldApp,
    TwoPhones,
    SeriesShot,
}

impl Cause {
    pub fn text(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Cause::ExternalReceiver => ("使用了外接定位设备", "an external GNSS receiver was in use"),
            Cause::DeveloperPhone => {
                ("开发或测试用手机打开了调试定位", "a developer's phone with a test provider")
            }
            Cause::Indoors => {
                ("在室内、地下室或商场，卫星信号弱", "indoors, in a basement or a mall without satellites")
            }
            Cause::WifiPlacing => ("手机用无线网络或基站定位", "the phone placed itself by Wi-Fi or cell"),
            Cause::Metro => ("乘地铁或过隧道", "metro or tunnel"),
            Cause::BatterySaver => {
                ("省电模式或系统清理了后台", "battery saver, or the system stopped the app")
            }
            Cause::PhoneHabit => ("这款手机一直这样上报", "this phone always reports like that"),
            Cause::CruiseControl => ("高速上定速巡航", "cruise control on a motorway"),
            Cause::TrainFerryPlane => ("乘火车、轮渡或飞机", "train, ferry or plane"),
            Cause::TwoUploads => ("两个应用上传了同一段轨迹", "two apps uploaded the same recording"),
            Cause::RecordedTwice => ("同一次到店登记成了两条拜访", "one call was recorded as two visits"),
            Cause::JointVisit => ("与同事同行或带教", "travelling with a colleague or a trainee"),
            Cause::Commute => ("每天走同一条路", "the same way every day"),
            Cause::BusinessTrip => ("出差或临时支援其他区域", "a business trip or help in another area"),
            Cause::NewPhone => ("换了新手机或送修", "a new or repaired phone"),
            Cause::LentPhone => ("借用了同事的手机", "a colleague's phone was borrowed"),
            Cause::SharedPhone => ("班组共用手机", "a phone shared by a shift"),
            Cause::OldClock => ("手机时间没有自动校准", "the phone does not set its clock by itself"),
            Cause::NoNetwork => ("当时没有网络，记录后补上传", "no network at the time; sent later"),
            Cause::DropOff => ("只是送货或取件，本来就很短", "a drop-off that is short by nature"),
            Cause::ShopMoved => ("客户确实搬迁了", "the customer really moved"),
            Cause::MapPinWrong => ("客户档案里的位置不准", "the place in the customer's file is wrong"),
            Cause::Congestion => ("绕行、拥堵或多点配送", "a detour, congestion or a delivery round"),
            Cause::SameShelf => ("同一货架从同一角度拍摄", "the same shelf from the same spot"),
            Cause::GalleryAllowed => ("该步骤允许从相册选取", "this step allows a photo from the gallery"),
            Cause::Practised => ("熟练人员操作很快", "a practised person is quick"),
            Cause::StorageDamaged => (
                "手机存储损坏，或浏览器清理过数据",
                "damaged storage of the phone, or data cleared by the browser",
            ),
            Cause::PhoneRestored => (
                "手机从备份恢复，或资料迁移到新手机",
                "the phone was restored from a backup or moved to a new one",
            ),
            Cause::ServerRestored => ("服务器曾从备份恢复", "the server was restored from a backup"),
            Cause::OldApp => ("应用是旧版本，还不会签名", "an older app that does not sign yet"),
            Cause::TwoPhones => {
                ("同时使用手机和平板，或正在换手机", "a phone and a tablet, or a change of phone")
            }
            Cause::SeriesShot => {
                ("按同一位置、同一角度定期拍摄", "a series taken from the same spot at the same angle")
            }
        };
        pick(lang, zh, en)
    }
}

fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// What is fixed about a rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub code: Code,
    /// The stable name, as in `day.csv`.
    pub key: &'static str,
    pub group: Group,
    /// The most it may weigh alone. At 0.3 or less it can never contribute to red.
    pub limit: f64,
    title: (&'static str, &'static str),
    /// Sentences with `{name}` for the numbers of the finding.
    sentence: (&'static str, &'static str),
    pub causes: &'static [Cause],
}

impl Rule {
    pub fn title(&self, lang: Lang) -> &'static str {
        pick(lang, self.title.0, self.title.1)
    }

    /// The sentence with its numbers in place, whole numbers without a fraction.
    pub fn sentence(&self, lang: Lang, numbers: &[(String, f64)]) -> String {
        let mut text = pick(lang, self.sentence.0, self.sentence.1).to_owned();
        for (name, value) in numbers {
            let shown = if name.ends_with("_share") {
                format!("{:.0} %", value * 100.0)
            } else if value.abs() >= 20.0 || value.fract().abs() < 1e-9 {
                format!("{value:.0}")
            } else {
                format!("{value:.1}")
            };
            text = text.replace(&format!("{{{name}}}"), &shown);
        }
        text
    }
}

macro_rules! rules {
    ($($code:ident = $key:literal, $group:ident, $limit:literal, [$($cause:ident),* $(,)?],
        $zh:literal / $zh_text:literal, $en:literal / $en_text:literal;)*) => {
        /// What was noticed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $(#[serde(rename = $key)] $code),* }

        /// All rules in the order of this file.
        pub const RULES: &[Rule] = &[$(Rule {
            code: Code::$code, key: $key, group: Group::$group, limit: $limit,
            title: ($zh, $en), sentence: ($zh_text, $en_text), causes: &[$(Cause::$cause),*],
        }),*];
    };
}

rules! {
    Mock = "MOCK", Native, 0.95, [ExternalReceiver, DeveloperPhone],
        "系统标记为模拟定位" / "手机系统把 {fixes} 个定位标记为模拟来源。",
        "Flagged as mock by the system" / "The phone's own system flagged {fixes} positions as coming from a mock provider.";
    StaticExact = "STATIC_EXACT", Fields, 0.9, [PhoneHabit, Indoors, BatterySaver],
        "坐标长时间完全不变" / "{fixes} 个定位历时 {minutes} 分钟，不同坐标只占 {unique_share}。",
        "Coordinates never change" / "{fixes} positions over {minutes} minutes; only {unique_share} of the coordinates differ.";
    AccConst = "ACC_CONST", Fields, 0.8, [PhoneHabit],
        "精度值始终相同" / "{fixes} 个定位里 {modal_share} 报告同一精度 {accuracy_m} 米。",
        "One accuracy value all the time" / "{modal_share} of {fixes} positions report the same accuracy of {accuracy_m} m.";
    AccConstMoving = "ACC_CONST_MOVING", Fields, 0.9, [PhoneHabit, ExternalReceiver],
        "移动中精度值不变" / "移动中的 {fixes} 个定位里 {modal_share} 报告同一精度 {accuracy_m} 米；真实接收机的精度会变化。",
        "One accuracy value while moving" / "While moving, {modal_share} of {fixes} positions report the same accuracy of {accuracy_m} m; a receiver's accuracy changes.";
    AccImpossible = "ACC_IMPOSSIBLE", Fields, 0.6, [ExternalReceiver],
        "精度值好得不可能" / "{modal_share} 的定位报告精度 {accuracy_m} 米，手机做不到。",
        "Accuracy too good for a phone" / "{modal_share} of the positions claim {accuracy_m} m, which a phone cannot reach.";
    FieldSpeed = "FIELD_CONTRADICTION", Fields, 0.9, [PhoneHabit, WifiPlacing],
        "速度字段与移动矛盾" / "位置以 {moved_mps} 米/秒移动时，{fixes} 个定位里 {share} 报告的速度与之矛盾（{distinct} 种取值）。",
        "Speed field contradicts the movement" / "While the positions move at {moved_mps} m/s, the reported speed of {share} of {fixes} contradicts it ({distinct} different values).";
    FieldBearing = "FIELD_BEARING", Fields, 0.85, [PhoneHabit],
        "方向字段与移动矛盾" / "{fixes} 个移动中的定位，报告方向与实际方向的差中位数为 {off_deg}°（{distinct} 种取值）。",
        "Bearing field contradicts the movement" / "Over {fixes} moving positions the reported bearing is off by {off_deg}° in the median ({distinct} different values).";
    SpeedRatio = "SPEED_RATIO", Fields, 0.9, [PhoneHabit],
        "报告速度与实际速度成固定比例" / "位置的移动速度稳定为报告速度的 {ratio} 倍（{fixes} 个定位）。",
        "Reported speed off by a constant factor" / "The positions move at {ratio} times the reported speed, steadily over {fixes} positions.";
    WhiteNoise = "WHITE_NOISE", Noise, 0.9, [PhoneHabit],
        "静止误差像随机数" / "{fixes} 个静止定位的前后相关仅 {rho}；卫星误差会缓慢漂移，相关应明显大于 0.3。",
        "Errors at rest look like dice" / "Over {fixes} resting positions neighbours correlate by {rho} only; satellite errors drift slowly and correlate well above 0.3.";
    WhiteMoving = "WHITE_MOVING", Noise, 0.85, [PhoneHabit],
        "移动误差像随机数" / "{windows} 段直行中横向误差的前后相关为 {rho}（误差 {rms_m} 米）；真实误差会缓慢漂移。",
        "Errors on the way look like dice" / "Across {windows} straight stretches the sideways errors correlate by {rho} ({rms_m} m); real errors drift slowly.";
    Straight = "STRAIGHT", Motion, 0.9, [TrainFerryPlane, CruiseControl],
        "轨迹直得没有误差" / "{points} 个连续定位落在一条直线上，偏差不超过 {deviation_m} 米，长 {length_m} 米。",
        "Straight without any error" / "{points} positions in a row lie on one line within {deviation_m} m over {length_m} m.";
    EvenSpeed = "EVEN_SPEED", Motion, 0.85, [CruiseControl, TrainFerryPlane],
        "全程速度不变" / "{steps} 段移动的速度变化只有 {cv_share}（平均 {mean_mps} 米/秒），没有起步、红灯和停车。",
        "One speed all the way" / "The speed of {steps} moving steps varies by {cv_share} only (mean {mean_mps} m/s): no starts, lights or stops.";
    Zigzag = "ZIGZAG", Motion, 0.85, [PhoneHabit, Congestion],
        "轨迹左右摆动" / "{turns} 个连续转弯左右交替，每次超过 20°。",
        "The track swings left and right" / "{turns} turns in a row alternate left and right by more than 20° each.";
    Loops = "LOOPS", Motion, 0.3, [Congestion],
        "反复绕圈" / "{cells} 处路段各经过至少 4 次。",
        "The same loop again and again" / "{cells} places on the way were passed at least four times each.";
    Hop = "HOP", Jump, 0.9, [Metro, WifiPlacing, BatterySaver],
        "两处停留之间没有路程" / "{jumps} 次在 {seconds} 秒内从停留处移到 {distance_m} 米外的另一处停留，中间没有移动定位。",
        "No way between two stays" / "{jumps} times from one stay to another {distance_m} m away within {seconds} s, with no position on the way.";
    FreezeJump = "FREEZE_JUMP", Jump, 0.85, [Indoors, WifiPlacing, BatterySaver],
        "坐标冻结后突然出现在别处" / "坐标 {minutes} 分钟完全不变，随后 {seconds} 秒内出现在 {distance_m} 米外。",
        "Frozen, then elsewhere at once" / "The same coordinate for {minutes} minutes, then {distance_m} m away within {seconds} s.";
    ReplayExact = "REPLAY_EXACT", Replay, 0.95, [TwoUploads],
        "与以前的记录逐点相同" / "{matches} 个坐标与较早一天的记录逐点相同，时间关系固定（占 {day_share}）。",
        "Point by point an older recording" / "{matches} coordinates equal an older recording at a fixed time relation ({day_share} of the day).";
    Replay = "REPLAY", Replay, 0.95, [TwoUploads, Commute],
        "重复了以前轨迹的误差" / "{length_m} 米路程与较早的轨迹对齐后只差 {residual_m} 米；同路再走一次通常差 24–60 米。",
        "Repeats the errors of an older track" / "{length_m} m of the way differ from an older track by {residual_m} m after alignment; the same way travelled again differs by 24–60 m.";
    ReplayMoved = "REPLAY_MOVED", Replay, 0.95, [TwoUploads],
        "形状与另一条轨迹完全相同" / "{matches} 步的步长和转角与另一地点的较早轨迹逐一相同。",
        "The shape of another track" / "{matches} steps have length and turn of an older track at another place, one by one.";
    LoopCopy = "LOOP_COPY", Replay, 0.9, [Congestion],
        "同一圈被复制" / "{length_m} 米路程与当天另一段对齐后只差 {residual_m} 米。",
        "One lap was copied" / "{length_m} m differ from another stretch of the same day by {residual_m} m after alignment.";
    ClockAhead = "CLOCK_AHEAD", Clock, 0.95, [OldClock],
        "定位在发生之前就已到达" / "{fixes} 个定位比手机声称的时间早到，最多早 {ahead_s} 秒。",
        "Arrived before it happened" / "{fixes} positions arrived before the time the phone gives them, by up to {ahead_s} s.";
    ClockBehind = "CLOCK_BEHIND", Clock, 0.85, [OldClock, NoNetwork],
        "手机时间偏慢" / "所有定位都固定晚 {behind_s} 秒到达，波动只有 {spread_s} 秒。",
        "The phone's clock is behind" / "All positions arrive {behind_s} s late, with a spread of only {spread_s} s.";
    ClockStep = "CLOCK_STEP", Clock, 0.9, [OldClock],
        "手机时间被调整" / "到达延迟在当天突变 {step_s} 秒，前后都很稳定。",
        "The clock was set" / "The delay of arrival steps by {step_s} s during the day and is steady before and after.";
    Late = "LATE", Clock, 0.3, [NoNetwork, BatterySaver],
        "一段记录整批后到" / "{fixes} 个定位（历时 {minutes} 分钟）在 {delay_minutes} 分钟后整批到达。",
        "A stretch arrived late at once" / "{fixes} positions of {minutes} minutes arrived together {delay_minutes} minutes later.";
    Backdated = "BACKDATED", Clock, 0.75, [NoNetwork, TwoUploads],
        "联网时段出现补录" / "手机在线期间，{fixes} 个定位在 {delay_minutes} 分钟后才整批补来。",
        "Added to a time when the phone was online" / "While the phone was delivering live, {fixes} positions of that time came {delay_minutes} minutes later in one batch.";
    DeviceShared = "DEVICE_SHARED", Device, 0.8, [LentPhone, SharedPhone, NewPhone],
        "两人使用同一台设备" / "当天使用的设备平时属于另一位同事（{owner_days} 天）。",
        "One device for two people" / "The device of this day belongs to a colleague otherwise ({owner_days} days).";
    DeviceNew = "DEVICE_NEW", Device, 0.3, [NewPhone, LentPhone],
        "首次出现的设备" / "这台设备以前没有出现过；平时的设备用了 {usual_days} 天。",
        "A device not seen before" / "This device was never seen before; the usual one was used on {usual_days} days.";
    DeviceTwo = "DEVICE_TWO_PLACES", Device, 0.7, [SharedPhone, LentPhone],
        "两台设备同时在两地" / "两台设备同时相距 {distance_m} 米。",
        "Two devices at two places" / "Two devices of one person are {distance_m} m apart at the same time.";
    Together = "MOVING_TOGETHER", Pair, 0.3, [JointVisit],
        "与同事全程同行" / "移动时间的 {share} 与同一位同事相距不到 120 米。",
        "Moving with a colleague" / "For {share} of the moving time within 120 m of the same colleague.";
    Elsewhere = "NEW_AREA", Area, 0.15, [BusinessTrip],
        "不在平时的区域" / "全天距离平时活动区域 {distance_m} 米以外。",
        "Not the usual area" / "All day at least {distance_m} m from where this person usually is.";
    ShortVisit = "SHORT_VISIT", Stay, 0.6, [DropOff],
        "停留很短" / "从签到到签出只有 {seconds} 秒。",
        "A very short visit" / "Only {seconds} s from check-in to check-out.";
    DwellGap = "DWELL_GAP", Stay, 0.95, [MapPinWrong, WifiPlacing],
        "拜访期间人在别处" / "声称停留 {claimed_minutes} 分钟，其中 {away_share} 的时间轨迹在围栏外，最远 {distance_m} 米。",
        "Elsewhere during the visit" / "Of {claimed_minutes} minutes claimed, the track is outside the fence for {away_share}, up to {distance_m} m away.";
    MovingCheckin = "MOVING_CHECKIN", Stay, 0.7, [MapPinWrong],
        "行驶中签到" / "签到时正以 {speed_mps} 米/秒移动。",
        "Checked in while moving" / "Moving at {speed_mps} m/s at the moment of the check-in.";
    NoApproach = "NO_APPROACH", Jump, 0.6, [Metro, BatterySaver],
        "没有到达客户的路程" / "签到前的定位在 {distance_m} 米外，{seconds} 秒后已在客户处。",
        "No way to the customer" / "The position before the check-in is {distance_m} m away, {seconds} s earlier.";
    OutOfRange = "OUT_OF_RANGE", Place, 0.95, [MapPinWrong, WifiPlacing],
        "签到点在围栏外" / "签到点距客户 {distance_m} 米，围栏半径 {radius_m} 米，定位精度 {accuracy_m} 米。",
        "Checked in outside the fence" / "Checked in {distance_m} m from the customer; the fence is {radius_m} m, the accuracy {accuracy_m} m.";
    FixMismatch = "FIX_MISMATCH", Place, 0.9, [TwoUploads, WifiPlacing],
        "签到定位与轨迹矛盾" / "签到定位与同一时刻的轨迹相距 {distance_m} 米。",
        "Check-in contradicts the track" / "The fix of the check-in is {distance_m} m from the track at the same moment.";
    NetOnlyAtVisit = "NET_ONLY_AT_VISIT", Place, 0.25, [Indoors, WifiPlacing],
        "拜访时只有网络定位" / "拜访期间 {fixes} 个定位精度都在 {accuracy_m} 米以上，其余时间有卫星定位。",
        "Network positions only during the visit" / "All {fixes} positions of the visit are coarser than {accuracy_m} m, while satellites were seen at other times.";
    VisitFields = "VISIT_FIELDS", Fields, 0.6, [PhoneHabit, Indoors],
        "拜访期间定位异常整齐" / "拜访期间 {fixes} 个定位报告同一精度 {accuracy_m} 米，当天其余时间会变化。",
        "Too tidy during the visit" / "The {fixes} positions of the visit all report {accuracy_m} m, while the rest of the day varies.";
    CustomerMoved = "CUSTOMER_MOVED", Customer, 0.95, [ShopMoved, MapPinWrong],
        "拜访前本人移动了客户位置" / "签到前 {hours} 小时，本人把客户位置移到现在的地方。",
        "Moved the customer before the visit" / "The same person moved this customer on the map {hours} hours before the check-in.";
    PhotoDuplicate = "PHOTO_DUP", Photo, 0.9, [RecordedTwice, SameShelf],
        "照片与以前的相同" / "{photos} 张照片与以前的拜访所用照片完全相同。",
        "A photo used before" / "{photos} photos are identical to photos of an earlier visit.";
    PhotoNotLive = "PHOTO_NOT_LIVE", Photo, 0.3, [GalleryAllowed],
        "照片不是现场拍摄" / "{photos} 张照片不是由应用相机现场拍摄。",
        "A photo not taken live" / "{photos} photos were not taken by the app's own camera.";
    SecondPerson = "DEVICE_SECOND_PERSON", Device, 0.85, [LentPhone, SharedPhone],
        "同一台手机上的第二个人" / "这台手机 {minutes} 分钟前还在为另一位同事记录。",
        "A second person on the phone" / "This phone recorded for a colleague {minutes} minutes before.";
    ClockMoved = "CLOCK_MOVED", Clock, 0.9, [OldClock],
        "手机时间与服务器不符" / "手机时间与服务器时间相差 {offset_s} 秒。",
        "The phone's clock disagrees" / "The phone's clock is {offset_s} s off the server's.";
    StepsHurried = "STEPS_HURRIED", Steps, 0.6, [Practised, DropOff],
        "步骤完成过快" / "{steps} 个步骤在 {seconds} 秒内全部完成。",
        "Steps in a hurry" / "{steps} steps were all finished within {seconds} s.";
    SealBroken = "DEVICE_SIGNATURE", Chain, 0.8, [StorageDamaged, OldApp],
        "记录与手机签名不符" / "{records} 条记录的内容与手机签名不一致，或签名无法验证。",
        "Records do not match the phone's signature" / "{records} records differ from what the phone signed, or the signature does not hold.";
    ChainGap = "CHAIN_GAP", Chain, 0.4, [StorageDamaged, PhoneRestored, ServerRestored],
        "手机签名链缺号" / "在这些记录之前，手机签名链缺 {missing} 个编号。",
        "Numbers missing in the phone's chain" / "{missing} numbers are missing in the phone's chain of signatures before these records.";
    ChainFork = "CHAIN_FORK", Chain, 0.8, [PhoneRestored, ServerRestored],
        "手机签名链出现分叉" / "同一把手机密钥签出了 {forks} 处互相矛盾的顺序。",
        "The phone's chain forks" / "One phone key signed {forks} contradicting orders of records.";
    DeviceUnsigned = "DEVICE_UNSIGNED", Chain, 0.3, [OldApp, StorageDamaged],
        "记录没有手机签名" / "本人的手机已登记密钥，但 {records} 条记录没有签名。",
        "Records without the phone's signature" / "The person has an enrolled phone, but {records} records carry no signature.";
    DeviceUnknown = "DEVICE_UNKNOWN", Device, 0.3, [NewPhone, LentPhone],
        "手机还没有获准" / "{records} 条记录来自一台还没有获准的手机。",
        "A phone not approved yet" / "{records} records come from a phone that is not approved yet.";
    DeviceParallel = "DEVICE_PARALLEL", Device, 0.3, [TwoPhones, LentPhone],
        "同一人同时用两台手机" / "本人的另一台手机在 {minutes} 分钟内也在记录。",
        "One person on two phones at once" / "Another phone of the person recorded within {minutes} minutes.";
    PhotoNear = "PHOTO_NEAR", Photo, 0.6, [SameShelf, SeriesShot, RecordedTwice],
        "照片与以前的很像" / "{photos} 张照片与以前拜访的照片几乎相同（可能经过重新保存、缩放、裁剪或左右翻转），最高相似度 {likeness_share}。",
        "A photo much like an earlier one" / "{photos} photos are nearly the same as photos of earlier visits (saved anew, scaled, cropped or mirrored), at most {likeness_share} alike.";
    CodeShared = "CODE_SHARED", Place, 0.6, [JointVisit, RecordedTwice],
        "同一个现场码用于多次拜访" / "客户屏幕上同一次显示（30 秒）的动态码，还用于另外 {visits} 次拜访。",
        "One code for several visits" / "The same showing (30 s) of the code on the customer's screen was used in {visits} other visits.";
    ProofFailed = "PROOF_FAILED", Place, 0.5, [WifiPlacing, OldClock, NoNetwork],
        "步骤凭证不成立" / "{proofs} 项步骤凭证（定位或客户现场码）提交了，但与要求不符。",
        "A proof of a step does not hold" / "{proofs} proofs of steps (a position or the customer's code) were brought and are not what was asked for.";
}

impl Code {
    pub fn rule(self) -> &'static Rule {
        &RULES[self as usize]
    }

    pub fn key(self) -> &'static str {
        self.rule().key
    }

    /// Is it about a claim rather than about the positions of a day?
    pub fn about_visit(self) -> bool {
        let group = self.rule().group;
        matches!(
            group,
            Group::Stay | Group::Place | Group::Customer | Group::Photo | Group::Steps | Group::Chain
        ) || self == Code::NoApproach
            || self == Code::VisitFields
    }

    /// Share of honest days (rules of positions) or honest visits (rules of claims) on which the rule fired with 0.3 or
    /// more in the published benchmark (`make bench-trust`, seed 20). `None` for rules that only a server with real
    /// records can measure: its own statistics show them.
    pub fn false_alarm_rate(self) -> Option<f64> {
        rates::MEASURED.iter().find(|(code, _)| *code == self).map(|(_, rate)| *rate)
    }

    /// The code of a stable name.
    pub fn from_key(key: &str) -> Option<Code> {
        RULES.iter().find(|r| r.key == key).map(|r| r.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_finds_its_rule() {
        for (i, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.code as usize, i);
            assert_eq!(Code::from_key(rule.key), Some(rule.code));
            assert!(!rule.causes.is_empty(), "{} names no innocent cause", rule.key);
        }
    }

    #[test]
    fn words_never_judge_a_person() {
        for rule in RULES {
            for lang in [Lang::Zh, Lang::En] {
                let text = format!("{}{}", rule.title(lang), rule.sentence(lang, &[])).to_lowercase();
                for word in ["疑似", "作弊", "造假", "虚假", "suspect", "cheat", "fraud", "fake"] {
                    assert!(!text.contains(word), "{}: {word}", rule.key);
                }
            }
        }
    }

    #[test]
    fn numbers_go_into_the_sentence() {
        let numbers = [
            ("distance_m".to_owned(), 912.4),
            ("radius_m".to_owned(), 150.0),
            ("accuracy_m".to_owned(), 8.25),
        ];
        let text = Code::OutOfRange.rule().sentence(Lang::Zh, &numbers);
        assert_eq!(text, "签到点距客户 912 米，围栏半径 150 米，定位精度 8.2 米。");
    }
}
