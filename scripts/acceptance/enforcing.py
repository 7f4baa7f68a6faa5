# moto's server, brought nearer to AWS in two ways.
from moto.iam.access_control import IAMRequestBase
from moto.server import main

# Who signed is asked, and not whether the signature is right: moto calculates it over the decoded
# query string, and would refuse every list with a prefix.
IAMRequestBase.check_signature = lambda self: None

# The permission of a batch is the permission of its parts.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
PERMISSIONS = {"sqs:SendMessageBatch": "sqs:SendMessage", "sns:PublishBatch": "sns:Publish"}
check = IAMRequestBase.check_action_permitted


def check_action_permitted(self, resource):
    self._action = PERMISSIONS.get(self._action, self._action)
    return check(self, resource)


IAMRequestBase.check_action_permitted = check_action_permitted
main()
