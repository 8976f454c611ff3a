/** A QR code the server drew; shown as an image, so that nothing in the drawing can act on the page. */
export function QrImage({ svg, label }: { svg: string; label: string }) {
  return <img src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`} alt={label} width={188} height={188} />;
}
