import sanitize from "sanitize-html";

const options: sanitize.IOptions = {
  allowedTags: [
    ..."h1 h2 h3 h4 h5 h6 p div span br hr blockquote pre code".split(" "),
    ..."a img figure figcaption".split(" "),
    ..."ul ol li dl dt dd".split(" "),
    ..."b strong i em u s small sub sup mark abbr del ins".split(" "),
    ..."table caption colgroup col thead tbody tfoot tr th td".split(" "),
  ],
  allowedAttributes: {
    "*": ["title", "lang", "dir"],
    a: ["href", "rel"],
    img: ["src", "alt", "width", "height"],
    ol: ["start"],
    col: ["span"],
    colgroup: ["span"],
    th: ["colspan", "rowspan", "scope"],
    td: ["colspan", "rowspan"],
  },
  allowedSchemes: ["https", "http", "mailto", "tel"],
  allowedSchemesByTag: { img: ["https", "data"] },
  allowedSchemesAppliedToAttributes: ["href", "src"],
  allowProtocolRelative: false,
  // A picture without an address that may be kept is nothing; data: stands for pictures only.
  exclusiveFilter: ({ tag, attribs }) => tag === "img" && !/^(https:|data:image\/)/i.test(attribs.src ?? ""),
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: "noopener" } }),
  },
};

/**
 * Product HTML as it may be stored and shown: text, headings, lists, tables, links and pictures (https or inline).
 * Scripts, styles, forms, frames, event handlers and other schemes are removed; the text inside other unknown tags stays.
 */
export const sanitiseHtml = (html: string): string => sanitize(html, options);
