"""Parameters of an address that say where a link was clicked, not which page it leads to."""

import re
from urllib.parse import unquote_plus

__all__ = ["is_tracker", "without_trackers"]

# Names that newsletters, networks and shops use for nothing else, whatever the value.
_NAMES = re.compile(
    # of campaigns
    r"(?:utm|mtm|pk|piwik|itm|otm|hmb|hsa|ns|vero|oly|trk|gad|guce|fb_action|ml_subscriber|_?_hs)_.*"
    r"|at_(?:medium|campaign|custom\d?|link_.*|bbc_.*|format|ptr_.*)|xtor|xtref|s_cid|s_kwcid|ef_id"
    r"|mkt_tok|mc_[cet]id|wtrid|wt_?z?mc|wickedid|dgcid|spm|ito|ocid|icid|intcid|ncid|nlid|cmp(?:id)?"
    r"|smid|smtyp|partner|emc|mbid|bxid|cndid|esrc|taid|ftcamp|ftag|sref|recirc|traffic_source"
    r"|tracking_?(?:id|source|code)|campaign_?id|rss|rssid|feedtype|echobox|hss_channel|sr_share"
    r"|guccounter|soc_(?:src|trk)|cxrecs_s|_openstat|dicbo|vgo_ee|bbeml|mibextid|sfnsn"
    r"|_hs(?:enc|mi)|hsctatracking|ref_(?:src|url)?|referr?er|fb_(?:ref|source)|__twitter_impression"
    r"|_branch_.*|__s|_ke|_gl|_ga|_ga_.*|_gac|cm_mmc.*|xg_source"
    # of clicks, each with a number of its own
    r"|(?:fb|g|d|tw|tt|y|ys|irc)clid|msclkid|rb_clickid|gclsrc|[gw]braid|igsh(?:id)?|srsltid"
    r"|li_fat_id|rdt_cid|epik|gs_lc?p?|tblci",
    re.IGNORECASE,
)
# Names that may tell pages apart, but not with the name of a way of reading for a value.
_WAYS = re.compile(
    r"(?:\w*(?:ref|src|source|cid|feed)|from|via|tag|mod|medium|channel|origin|camp|campaign|share"
    r"|shared|traffic|pid|xid|sns|social|feature|ref\w*)",
    re.IGNORECASE,
)
_OF_READING = re.compile(
    r"(?:rss\w*|atom|feeds?|feedburner|news_?letters?|e-?mail|mail|amp|push|share|social"
    r"|twitter|facebook|fb|instagram|linkedin|whatsapp|telegram|reddit|flipboard|pinterest|mastodon"
    r"|bluesky|google_?news|apple_?news|smartnews|upday|emb)(?:$|[^A-Za-z]).*",
    re.IGNORECASE,
)
# Where one parameter ends; ";" only if another begins behind it.
_BORDER = re.compile(r"&|;(?=[^=&;]+=)")


def is_tracker(name: str, value: str) -> bool:
    """Return whether a parameter, both parts decoded, tells nothing about the page."""
    if _NAMES.fullmatch(name):
        return True
    return bool(_WAYS.fullmatch(name) and _OF_READING.fullmatch(value))


def without_trackers(query: str) -> str:
    """Return a query (without "?") without its trackers, the rest byte for byte, in its order.

    Parameters end at "&", or at ";" where another begins. Never raises; linear.
    """
    if not query:
        return ""
    kept, start, border = "", 0, ""
    for end, next_border in [
        *((found.start(), found[0]) for found in _BORDER.finditer(query)),
        (len(query), ""),
    ]:
        piece = query[start:end]
        name, _, value = piece.partition("=")
        if not piece or not is_tracker(unquote_plus(name), unquote_plus(value)):
            kept += (border if start else "") + piece
        start, border = end + len(next_border), next_border
    return kept if query[:1] in "&;" else kept.lstrip("&;")
