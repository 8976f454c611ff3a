//! One code a phone: what each app reads to be set up without typing.

use base::{Problem, problem::Lang};
use base64::{Engine, engine::general_purpose::STANDARD};
use db::Result;
use form_urlencoded::byte_serialize;
use org::LocationPolicy;
use qrcode::{EcLevel, QrCode, render::svg};
use serde_json::json;

use super::{TrackerKind, TrackerSetup};

/// How often to report.
struct Pace {
    interval_s: i64,
    distance_m: i64,
    heartbeat_s: i64,
}

/// Codes for all apps, the wanted one first.
pub(super) fn setups(
    wanted: TrackerKind,
    url: &str,
    name: &str,
    policy: Option<&LocationPolicy>,
    lang: Lang,
) -> Result<Vec<TrackerSetup>> {
    let pace = match policy {
        Some(p) if p.interval_s > 0 => {
            Pace { interval_s: p.interval_s, distance_m: p.distance_m, heartbeat_s: p.heartbeat_s }
        }
        _ => Pace { interval_s: 10, distance_m: 30, heartbeat_s: 300 },
    };
    let mut kinds =
        vec![TrackerKind::Traccar, TrackerKind::Owntracks, TrackerKind::Overland, TrackerKind::Gpslogger];
    kinds.sort_by_key(|k| *k != wanted);
    kinds
        .into_iter()
        .map(|kind| {
            let link = link(kind, url, name, &pace);
            Ok(TrackerSetup { kind, title: title(kind, lang).to_owned(), qr_svg: qr_svg(&link)?, url: link })
        })
        .collect()
}

fn title(kind: TrackerKind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (TrackerKind::Traccar, Lang::Zh) => "Traccar Client（安卓、iOS）：在应用里扫码",
        (TrackerKind::Traccar, Lang::En) => "Traccar Client (Android, iOS): scan inside the app",
        (TrackerKind::Owntracks, Lang::Zh) => "OwnTracks（安卓、iOS）：用相机扫码，在应用中打开",
        (TrackerKind::Owntracks, Lang::En) => {
            "OwnTracks (Android, iOS): scan with the camera, open in the app"
        }
        (TrackerKind::Overland, Lang::Zh) => "Overland（iOS）：用相机扫码，在应用中打开",
        (TrackerKind::Overland, Lang::En) => "Overland (iOS): scan with the camera, open in the app",
        (TrackerKind::Gpslogger, Lang::Zh) => {
            "GPSLogger（安卓）：在手机浏览器中打开链接，或在应用“从网址载入配置”中填写"
        }
        (TrackerKind::Gpslogger, Lang::En) => {
            "GPSLogger (Android): open the link in the phone's browser, or load the profile from its URL in the app"
        }
        (TrackerKind::Other, Lang::Zh) => "其他应用",
        (TrackerKind::Other, Lang::En) => "Other apps",
    }
}

fn encode(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// The set-up link an app understands.
fn link(kind: TrackerKind, url: &str, name: &str, pace: &Pace) -> String {
    match kind {
        TrackerKind::Traccar => {
            let Pace { interval_s, distance_m, heartbeat_s } = pace;
            format!(
                "{url}?id={}&accuracy=high&interval={interval_s}&distance={distance_m}&heartbeat={heartbeat_s}&buffer=true",
                encode(name)
            )
        }
        TrackerKind::Owntracks => {
            let configuration = json!({
                "_type": "configuration",
                "mode": 3,
                "url": url,
                "auth": false,
                "deviceId": name,
                "tid": "ts",
                // 2: move mode, the only one that reports often enough to measure a way
                "monitoring": 2,
                "moveModeLocatorInterval": pace.interval_s,
                "locatorInterval": pace.interval_s,
                "locatorDisplacement": pace.distance_m,
                "pubExtendedData": true,
                // lets the answer name the places of the day to watch
                "cmd": true,
            });
            format!("owntracks:///config?inline={}", encode(&STANDARD.encode(configuration.to_string())))
        }
        TrackerKind::Overland => {
            format!("overland://setup?url={}&device_id={}&unique_id=no", encode(url), encode(name))
        }
        TrackerKind::Gpslogger => format!("gpslogger://properties/{url}/gpslogger.properties"),
        TrackerKind::Other => url.to_owned(),
    }
}

/// GPSLogger's profile: every parameter as a form to our address.
pub(crate) fn gpslogger_profile(url: &str) -> String {
    [
        "current_profile_name=Tashi",
        "log_customurl_enabled=true",
        &format!("log_customurl_url={url}"),
        "log_customurl_method=POST",
        "log_customurl_headers=Content-Type: application/x-www-form-urlencoded",
        "log_customurl_body=%ALL",
        "log_customurl_discard_offline_locations_enabled=false",
        "time_before_logging=10",
        "distance_before_logging=0",
        "accuracy_before_logging=80",
        "keep_fix=true",
        "startonbootup=true",
        "",
    ]
    .join("\n")
}

fn qr_svg(text: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Problem::internal)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_app_gets_a_code_and_the_wanted_one_is_first() {
        let url = "https://field.example.com/t/s3cret";
        let all = setups(TrackerKind::Overland, url, "张伟 手机", None, Lang::Zh).unwrap();
        assert_eq!(all.len(), 4);
        assert_eq!(all[0].kind, TrackerKind::Overland);
        assert!(all[0].url.starts_with("overland://setup?url=https%3A%2F%2Ffield.example.com%2Ft%2Fs3cret"));
        assert!(
            all.iter().all(|s| s.qr_svg.contains("<svg")
                && s.url.contains("s3cret") != (s.kind == TrackerKind::Owntracks))
        );
        let owntracks = all.iter().find(|s| s.kind == TrackerKind::Owntracks).unwrap();
        let (_, inline) = owntracks.url.split_once('=').unwrap();
        let query = format!("x={inline}");
        let (_, inline) = form_urlencoded::parse(query.as_bytes()).next().unwrap();
        let json: serde_json::Value =
            serde_json::from_slice(&STANDARD.decode(inline.as_bytes()).unwrap()).unwrap();
        assert_eq!((json["url"].as_str(), json["mode"].as_i64()), (Some(url), Some(3)));
    }
}
