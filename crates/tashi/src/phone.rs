//! The page that gets a phone in: scan, trust (on the office trial), open, install.

use api::{
    Kit,
    axum::{
        Router,
        extract::State,
        http::{HeaderMap, header},
        response::{Html, IntoResponse, Response},
        routing::get,
    },
};
use qrcode::{QrCode, render::svg};

/// `/phone`, and `/office-ca.crt` when the server has an authority of its own.
pub fn routes(kit: &Kit) -> Router {
    let router = Router::new().route("/phone", get(way_in));
    let router = match kit.config.office_ca {
        Some(_) => router.route("/office-ca.crt", get(certificate)),
        None => router,
    };
    router.with_state(kit.clone())
}

async fn way_in(State(kit): State<Kit>, headers: HeaderMap) -> Html<String> {
    Html(page(&kit.public_url(&headers), kit.config.office_ca.is_some()))
}

async fn certificate(State(kit): State<Kit>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"tashi-office-ca.crt\""),
    ];
    (headers, kit.config.office_ca.clone().unwrap_or_default()).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A QR code as SVG; empty when the text is too long for one.
fn qr(text: &str) -> String {
    let code = QrCode::new(text.as_bytes());
    code.map(|c| {
        c.render::<svg::Color<'_>>()
            .min_dimensions(220, 220)
            .build()
            .replace("<?xml version=\"1.0\" standalone=\"yes\"?>", "")
    })
    .unwrap_or_default()
}

fn page(public_url: &str, office: bool) -> String {
    // The address may be what a request said.
    let public_url = &escaped(public_url);
    let app = format!("{public_url}/m/");
    let trust = if office {
        let address = format!("{public_url}/office-ca.crt");
        format!(
            "<li><h2>先信任证书 · Trust the certificate</h2>{}<p>试用证书由这台服务器自己签发。扫码下载后：iPhone 在“设置 → 已下载描述文件”安装，再到“通用 → 关于本机 → 证书信任设置”打开；安卓在“设置 → 安全 → 安装 CA 证书”。<br>\
             The trial certificate is issued by this server. Download it, install the profile (iPhone: Settings, then General → About → Certificate Trust Settings; Android: Settings → Security → Install a CA certificate).</p><p><a href=\"/office-ca.crt\">office-ca.crt</a></p></li>",
            qr(&address)
        )
    } else {
        String::new()
    };
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>把手机接进来 · 踏实</title>\
         <style>body{{margin:0;background:#F6F5F1;color:#18211F;font:16px/24px 'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif}}main{{max-width:560px;margin:0 auto;padding:24px 16px}}\
         h1{{font-size:24px;line-height:32px}}h2{{font-size:17px;margin:0 0 8px}}ol{{list-style:none;margin:0;padding:0}}li{{background:#fff;border:1px solid #E5E2DA;border-radius:14px;padding:16px;margin:0 0 12px}}\
         svg{{display:block;width:220px;height:220px;margin:0 auto 8px}}a{{color:#0F766E}}p{{margin:0 0 8px;color:#47524F}}@media(prefers-color-scheme:dark){{body{{background:#0F1514;color:#E9EFED}}li{{background:#161E1D;border-color:#273230}}p{{color:#B7C3C0}}a{{color:#2DD4BF}}svg{{background:#fff;border-radius:8px}}}}</style></head>\
         <body><main><h1>把手机接进来 · Get a phone in</h1><ol>{trust}<li><h2>打开手机应用 · Open the app</h2>{}<p><a href=\"{app}\">{app}</a></p></li>\
         <li><h2>装到主屏 · Install</h2><p>安卓用 Chrome：菜单 →“安装应用”。iPhone 用 Safari：分享 →“添加到主屏幕”。装好后没网也能打开。<br>Android, Chrome: menu → Install app. iPhone, Safari: Share → Add to Home Screen. It then opens without a network.</p></li></ol></main></body></html>",
        qr(&app)
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_shows_where_to_go() {
        let page = super::page("https://tashi.example", true);
        assert!(
            page.contains("https://tashi.example/m/")
                && page.contains("office-ca.crt")
                && page.matches("<svg").count() == 2
        );
        assert_eq!(super::page("https://tashi.example", false).matches("<svg").count(), 1);
    }
}
