package cloud

type scheduleGroupRequest struct {
	Name string
}

func (r *scheduleGroupRequest) resource() string { return r.Name }

func (s *scheduleStore) createGroup(in *scheduleGroupRequest) (object, error) {
	if !scheduleName.MatchString(in.Name) {
		return nil, invalid("The name of the schedule group is not valid.")
	}
	if s.groups[in.Name] != nil {
		return nil, s.conflict("Schedule group", in.Name)
	}
	s.groups[in.Name] = map[string]*scheduled{}
	return object{"ScheduleGroupArn": s.groupARN(in.Name)}, nil
}

func (s *scheduleStore) getGroup(in *scheduleGroupRequest) (object, error) {
	if s.groups[in.Name] == nil {
		return nil, s.notFound("Schedule group", in.Name)
	}
	return object{"Arn": s.groupARN(in.Name), "Name": in.Name, "State": "ACTIVE"}, nil
}

func (s *scheduleStore) deleteGroup(in *scheduleGroupRequest) (object, error) {
	if s.groups[in.Name] == nil {
		return nil, s.notFound("Schedule group", in.Name)
	}
	if in.Name == defaultGroup {
		return nil, invalid("The default schedule group cannot be deleted.")
	}
	delete(s.groups, in.Name)
	return object{}, nil
}

func (s *scheduleStore) groupARN(name string) string {
	return s.cloud.arn("scheduler", "schedule-group/"+name)
}
