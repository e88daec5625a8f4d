"""Every call the platforms' documentation lists for Official Accounts and mini programs has a door and evidence."""

import pytest

from seta_sandbox.app import FAMILIES
from seta_sandbox.evidence import MEANINGS, evidence_of

TOKENS = """
GET /cgi-bin/token
POST /cgi-bin/stable_token
GET /cgi-bin/gettoken
GET /cgi-bin/ticket/getticket
GET /cgi-bin/get_jsapi_ticket
GET /cgi-bin/ticket/get
GET /cgi-bin/getcallbackip
GET /cgi-bin/get_api_domain_ip
POST /cgi-bin/clear_quota
POST /cgi-bin/clear_quota/v2
POST /cgi-bin/openapi/quota/get
POST /cgi-bin/openapi/rid/get
"""
OFFICIAL_ACCOUNT = """
POST /cgi-bin/menu/create
GET /cgi-bin/menu/get
GET /cgi-bin/menu/delete
GET /cgi-bin/get_current_selfmenu_info
POST /cgi-bin/menu/addconditional
POST /cgi-bin/menu/delconditional
POST /cgi-bin/menu/trymatch
GET /cgi-bin/user/get
GET /cgi-bin/user/info
POST /cgi-bin/user/info/batchget
POST /cgi-bin/user/info/updateremark
POST /cgi-bin/tags/create
GET /cgi-bin/tags/get
POST /cgi-bin/tags/update
POST /cgi-bin/tags/delete
POST /cgi-bin/user/tag/get
POST /cgi-bin/tags/members/batchtagging
POST /cgi-bin/tags/members/batchuntagging
POST /cgi-bin/tags/getidlist
POST /cgi-bin/tags/members/getblacklist
POST /cgi-bin/tags/members/batchblacklist
POST /cgi-bin/tags/members/batchunblacklist
POST /cgi-bin/qrcode/create
GET /cgi-bin/showqrcode
POST /cgi-bin/message/custom/send
POST /cgi-bin/message/custom/typing
POST /customservice/kfaccount/add
POST /customservice/kfaccount/update
POST /customservice/kfaccount/del
POST /customservice/kfaccount/inviteworker
POST /customservice/kfaccount/uploadheadimg
GET /cgi-bin/customservice/getkflist
GET /cgi-bin/customservice/getonlinekflist
POST /customservice/kfsession/create
POST /customservice/kfsession/close
GET /customservice/kfsession/getsession
GET /customservice/kfsession/getsessionlist
GET /customservice/kfsession/getwaitcase
POST /customservice/msgrecord/getmsglist
POST /cgi-bin/template/api_set_industry
GET /cgi-bin/template/get_industry
POST /cgi-bin/template/api_add_template
GET /cgi-bin/template/get_all_private_template
POST /cgi-bin/template/del_private_template
POST /cgi-bin/message/template/send
POST /cgi-bin/message/subscribe/bizsend
POST /cgi-bin/message/template/subscribe
POST /wxaapi/newtmpl/addtemplate
POST /wxaapi/newtmpl/deltemplate
GET /wxaapi/newtmpl/gettemplate
GET /wxaapi/newtmpl/getcategory
GET /wxaapi/newtmpl/getpubtemplatetitles
GET /wxaapi/newtmpl/getpubtemplatekeywords
POST /cgi-bin/media/upload
GET /cgi-bin/media/get
POST /cgi-bin/media/uploadimg
POST /cgi-bin/material/add_material
POST /cgi-bin/material/get_material
POST /cgi-bin/material/del_material
GET /cgi-bin/material/get_materialcount
POST /cgi-bin/material/batchget_material
POST /cgi-bin/draft/add
POST /cgi-bin/draft/get
POST /cgi-bin/draft/update
POST /cgi-bin/draft/delete
POST /cgi-bin/draft/batchget
GET /cgi-bin/draft/count
POST /cgi-bin/freepublish/submit
POST /cgi-bin/freepublish/get
POST /cgi-bin/message/mass/sendall
POST /cgi-bin/message/mass/send
POST /cgi-bin/message/mass/preview
POST /cgi-bin/message/mass/delete
POST /cgi-bin/message/mass/get
GET /cgi-bin/message/mass/speed/get
POST /cgi-bin/message/mass/speed/get
POST /cgi-bin/message/mass/speed/set
POST /datacube/getusersummary
POST /datacube/getusercumulate
POST /datacube/getarticlesummary
POST /datacube/getarticletotal
POST /datacube/getuserread
POST /datacube/getuserreadhour
POST /datacube/getusershare
POST /datacube/getusersharehour
POST /datacube/getupstreammsg
POST /datacube/getupstreammsghour
POST /datacube/getupstreammsgweek
POST /datacube/getupstreammsgmonth
POST /datacube/getupstreammsgdist
POST /datacube/getupstreammsgdistweek
POST /datacube/getupstreammsgdistmonth
POST /datacube/getinterfacesummary
POST /datacube/getinterfacesummaryhour
GET /connect/oauth2/authorize
GET /sns/oauth2/access_token
GET /sns/oauth2/refresh_token
GET /sns/userinfo
GET /sns/auth
"""
MINI_PROGRAM = """
GET /sns/jscode2session
GET /wxa/checksession
GET /wxa/resetusersessionkey
POST /wxa/business/getuserphonenumber
POST /wxa/getwxacodeunlimit
POST /wxa/getwxacode
POST /cgi-bin/wxaapp/createwxaqrcode
POST /cgi-bin/message/subscribe/send
POST /wxa/getuserriskrank
POST /wxa/msg_sec_check
POST /wxa/media_check_async
POST /wxa/generate_urllink
POST /wxa/query_urllink
POST /wxa/generatescheme
POST /wxa/queryscheme
POST /wxa/generatenfcscheme
POST /wxa/genwxashortlink
POST /datacube/getweanalysisappiddailysummarytrend
POST /datacube/getweanalysisappiddailyvisittrend
POST /datacube/getweanalysisappidweeklyvisittrend
POST /datacube/getweanalysisappidmonthlyvisittrend
POST /datacube/getweanalysisappiddailyretaininfo
POST /datacube/getweanalysisappidweeklyretaininfo
POST /datacube/getweanalysisappidmonthlyretaininfo
POST /datacube/getweanalysisappidvisitdistribution
POST /datacube/getweanalysisappidvisitpage
POST /datacube/getweanalysisappiduserportrait
"""
DOORS = {
    (method, route.path) for routes in FAMILIES.values() for route in routes for method in route.methods or ()
}


@pytest.mark.parametrize("documented", [TOKENS, OFFICIAL_ACCOUNT, MINI_PROGRAM], ids=["tokens", "oa", "mp"])
def test_every_documented_call_has_a_door_and_evidence(documented: str) -> None:
    calls = [tuple(line.split()) for line in documented.strip().splitlines()]

    assert [call for call in calls if call not in DOORS] == []
    assert [path for _, path in calls if (evidence_of(path) or ("",))[0] not in MEANINGS] == []
